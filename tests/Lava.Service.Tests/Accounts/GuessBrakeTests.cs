using System.Globalization;
using System.Net;
using Lava.Service.Credentials;
using Lava.Service.Tests.Gateway;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Accounts;

public sealed class GuessBrakeTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("2001:db8:1:2::5", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::5", "2001:db8:1:3::5", false)]
    public void An_address_that_guesses_waits_for_the_next_minute(string guesser, string asker, bool waits)
    {
        var clock = new TestClock();
        var brake = new GuessBrake(clock);
        for (var i = 0; i < GuessBrake.AddressLimit; i++)
        {
            brake.SecondsToWait(IPAddress.Parse(asker)).ShouldBe(0);
            brake.Note(IPAddress.Parse(guesser));
        }

        brake.SecondsToWait(IPAddress.Parse(asker)).ShouldBe(waits ? 60 : 0);
        clock.Advance(TimeSpan.FromSeconds(59));
        brake.SecondsToWait(IPAddress.Parse(asker)).ShouldBe(waits ? 1 : 0);
        clock.Advance(TimeSpan.FromSeconds(1));
        brake.SecondsToWait(IPAddress.Parse(asker)).ShouldBe(0);
    }

    [Theory]
    [InlineData("203.0.113.{0}", "203.0.113.250", true)]
    [InlineData("203.0.113.{0}", "203.0.114.250", false)]
    [InlineData("2001:db8:1:{0}::1", "2001:db8:1:ffff::1", true)]
    [InlineData("2001:db8:1:{0}::1", "2001:db8:2:ffff::1", false)]
    public void A_neighbourhood_that_guesses_waits_too(string guessers, string asker, bool waits)
    {
        var brake = new GuessBrake(new TestClock());
        for (var i = 0; i < GuessBrake.PrefixLimit; i++) brake.Note(IPAddress.Parse(string.Format(CultureInfo.InvariantCulture, guessers, i % 200)));
        (brake.SecondsToWait(IPAddress.Parse(asker)) > 0).ShouldBe(waits);
    }

    [Fact]
    public async Task Who_guesses_gets_429_and_keys_that_were_right_go_on_working()
    {
        var world = new OddProviderWorld();
        await world.InitializeAsync();
        try
        {
            var merchant = await world.NewMerchantAsync();
            (await world.CallAsync(merchant.TestKey, "/v1/wallet", null, [], "GET")).Status.ShouldBe(200);
            for (var i = 0; i < GuessBrake.AddressLimit; i++)
                (await world.CallAsync($"aks_test_guess_number_{i}", i % 2 == 0 ? "/v1/wallet" : OddProviderWorld.Chat, null, [], i % 2 == 0 ? "GET" : "POST")).Status.ShouldBe(401);
            var (status, _, _, response) = await world.CallAsync("aks_test_one_guess_too_many", "/v1/wallet", null, [], "GET");
            (status, response.Headers.RetryAfter!.Delta > TimeSpan.Zero).ShouldBe((429, true));
            (await world.CallAsync("lava_sk_one_guess_too_many_as_well", "/v1/chat/completions", "{}")).Status.ShouldBe(429);

            // Known for five seconds, right within the hour.
            world.Clock.Advance(TimeSpan.FromSeconds(10));
            (await world.CallAsync(merchant.TestKey, "/v1/wallet", null, [], "GET")).Status.ShouldBe(200);
            world.Clock.Advance(TimeSpan.FromSeconds(60));
            (await world.CallAsync("aks_test_one_guess_too_many", "/v1/wallet", null, [], "GET")).Status.ShouldBe(401);
        }
        finally
        {
            await world.DisposeAsync();
        }
    }
}
