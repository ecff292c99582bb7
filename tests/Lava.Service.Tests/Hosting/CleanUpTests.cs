using Lava.Core.Keys;
using Lava.Service.Accounts.Login;
using Lava.Service.Hosting;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Hosting;

public sealed class CleanUpTests : IAsyncLifetime
{
    private readonly ManagementHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Answers_to_repeats_go_a_day_later_and_not_before()
    {
        var key = await _host.NewKeyAsync();
        await CleanAsync();
        await PostAsync(key, "one");
        _host.Clock.Advance(TimeSpan.FromHours(23));
        (await CleanAsync()).ShouldBe(0);
        (await PostAsync(key, "one")).Header("Idempotency-Replayed").ShouldBe("true");

        _host.Clock.Advance(TimeSpan.FromHours(3));
        (await CleanAsync()).ShouldBe(1);
        (await CleanAsync()).ShouldBe(0);
        (await PostAsync(key, "one")).Header("Idempotency-Replayed").ShouldBeNull();
    }

    [Fact]
    public async Task A_key_that_is_used_again_keeps_its_new_answer()
    {
        var key = await _host.NewKeyAsync();
        await CleanAsync();
        await PostAsync(key, "two");
        _host.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromMinutes(30));
        await PostAsync(key, "two");
        _host.Clock.Advance(TimeSpan.FromHours(2));
        (await CleanAsync()).ShouldBe(0);
        (await PostAsync(key, "two")).Header("Idempotency-Replayed").ShouldBe("true");
        _host.Clock.Advance(TimeSpan.FromHours(24));
        (await CleanAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Many_rows_codes_and_checkouts_among_them_go_once_though_two_clean_at_once_after_weeks()
    {
        var key = await _host.NewKeyAsync();
        await CleanAsync();
        for (var i = 0; i < 150; i++) await PostAsync(key, "many-" + i);
        await _host.Services.GetRequiredService<LoginCodes>().CreateAsync(LoginPurpose.Program, new Tenant("mer_x", Mode.Test), default);
        var plan = (await _host.PostAsync(key, "/v1/plans", """{"name":"P","period_amount":"5","billing_interval":"month"}"""))["plan_id"];
        await _host.PostAsync(key, "/v1/checkout_sessions", $$"""{"checkout_mode":"subscription","origin_url":"https://shop.example","plan_id":"{{plan}}"}""");
        _host.Clock.Advance(TimeSpan.FromDays(45));
        
        // The code, and of the checkout the secret and the return token.
        (await Task.WhenAll(CleanAsync(), CleanAsync())).Sum().ShouldBe(150 + 1 + 2);
        (await CleanAsync()).ShouldBe(0);
        (await _host.Tables.QueryAsync(TableNames.Expiring, "mark", KeyRange.Prefix(""), 10, default)).Count.ShouldBe(1);
    }

    private async Task<int> CleanAsync() => await _host.Services.GetRequiredService<CleanUp>().RunAsync(default);

    private Task<Answer> PostAsync(string key, string idempotencyKey) => _host.PostAsync(key, "/v1/customers", "{}", ("Idempotency-Key", idempotencyKey));
}
