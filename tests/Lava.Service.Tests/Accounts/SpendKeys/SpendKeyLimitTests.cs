using System.Globalization;

namespace Lava.Service.Tests.Accounts.SpendKeys;

/// <summary>Two hundred calls at once against each kind of limit, on one server and on two over one store.</summary>
public sealed class SpendKeyLimitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Of_two_hundred_calls_at_once_exactly_as_many_are_served_as_the_request_limit_allows(int servers)
    {
        await using var world = await SpendWorld.StartAsync(servers);
        var (id, raw) = await world.NewKeyAsync("\"request_limit\":{\"count\":50,\"cycle\":\"daily\"}");
        var answers = await world.CallAllAsync(raw, 200);
        answers.Count(answer => answer.Status == 200).ShouldBe(50);
        foreach (var refused in answers.Where(answer => answer.Status != 200))
        {
            (refused.Status, refused.Code).ShouldBe((429, "request_limit_exceeded"));
            int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture).ShouldBeInRange(1, 86_400);
        }

        var shown = await world.MeteredAsync(id, 50);
        (shown["current_requests"], shown["total_requests"]).ShouldBe(("50", "50"));
        (await world.CallAsync(raw, servers - 1)).Code.ShouldBe("request_limit_exceeded");
        await world.AuditAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Two_hundred_calls_at_once_never_spend_more_than_the_spend_limit_and_what_is_left_can_be_spent(int servers)
    {
        await using var world = await SpendWorld.StartAsync(servers);
        var (id, raw) = await world.NewKeyAsync("\"spend_limit\":{\"amount\":\"0.03\",\"cycle\":\"monthly\"}");
        var answers = await world.CallAllAsync(raw, 200);
        var served = answers.Count(answer => answer.Status == 200);
        served.ShouldBeInRange(1, (int)(0.03m / SpendWorld.Cost));
        foreach (var refused in answers.Where(answer => answer.Status != 200))
        {
            (refused.Status, refused.Code).ShouldBe((402, "spend_limit_exceeded"));
            refused.Header("Retry-After").ShouldBeNull();
        }

        (await world.MeteredAsync(id, served))["total_requests"].ShouldBe(served.ToString(CultureInfo.InvariantCulture));
        for (var idle = 0; idle < 2;)
        {
            // Until none of the servers finds enough for another.
            var more = (await world.CallAllAsync(raw, servers)).Count(answer => answer.Status == 200);
            served += more;
            await world.MeteredAsync(id, served);
            idle = more == 0 ? idle + 1 : 0;
        }

        // Each server may be left with less than a call may cost.
        served.ShouldBeInRange((int)(0.03m / SpendWorld.Cost) - servers, (int)(0.03m / SpendWorld.Cost));
        (await world.ShowAsync(id))["current_spend"].ShouldBe((served * SpendWorld.Cost).ToString("0.##########", CultureInfo.InvariantCulture));
        await world.AuditAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Of_two_hundred_calls_at_once_the_bucket_lets_its_burst_through_and_then_what_flows_in(int servers)
    {
        await using var world = await SpendWorld.StartAsync(servers);
        var (_, raw) = await world.NewKeyAsync("\"rate_limit\":{\"rpm\":60,\"burst\":30}");
        var answers = await world.CallAllAsync(raw, 200);
        answers.Count(answer => answer.Status == 200).ShouldBe(30);
        foreach (var refused in answers.Where(answer => answer.Status != 200))
            (refused.Status, refused.Code, refused.Header("Retry-After")).ShouldBe((429, "rate_limit_exceeded", "1"));

        world.Clock.Advance(TimeSpan.FromSeconds(4));
        (await world.CallAllAsync(raw, 40)).Count(answer => answer.Status == 200).ShouldBe(4);
    }
}
