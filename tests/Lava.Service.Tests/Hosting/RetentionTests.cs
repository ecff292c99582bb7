using System.Text;
using Lava.Core.Keys;
using Lava.Service.Auditing;
using Lava.Service.Hosting;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Rollups;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Hosting;

public sealed class RetentionTests : IAsyncLifetime
{
    private const string Chat = "/v1/forward?u=https://api.openai.com/v1/chat/completions";

    private readonly ManagementHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Old_requests_are_stripped_and_the_books_stay_provable_and_closed_to_a_second_delivery()
    {
        var merchant = await _host.NewMerchantAsync(100);
        var (key, tenant) = (merchant.TestKey, new Tenant(merchant.Merchant.Id, Mode.Test));
        var wallet = BookKey.Wallet(tenant).Partition;
        await _host.PostAsync(key, "/v1/meters", """{"name":"Chat","meter_slug":"chat","rate_type":"fixed","tier_type":"tokens_1m","tiers":[{"start":"0","rate":"5000"}]}""");
        var customer = (await _host.PostAsync(key, "/v1/customers", """{"reference_id":"one"}"""))["customer_id"]!;
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{key}}","customer_id":"one","meter_slug":"chat"}"""));
        for (var i = 0; i < 3; i++) await CallAsync(token);
        await CallsAsync(wallet, 3);
        var old = await CallsAsync(wallet, 3);
        var balance = (await _host.GetAsync(key, "/v1/wallet"))["balance"];
        var credits = (await _host.GetAsync(key, $"/v1/customers/{customer}/subscription"))["subscription.credits.total_remaining"];
        var from = Uri.EscapeDataString(_host.Clock.GetUtcNow().AddDays(-1).ToString("O"));
        var usage = (await _host.GetAsync(key, "/v1/usage?start=" + from)).Body.GetProperty("totals").GetRawText();

        _host.Clock.Advance(TimeSpan.FromDays(390));
        await CallAsync(token);
        await CallsAsync(wallet, 4);
        (await RunAsync()).ShouldBe(0, "none is old enough");
        _host.Clock.Advance(TimeSpan.FromDays(11));
        (await RunAsync()).ShouldBe(3);
        (await RunAsync()).ShouldBe(0);

        // Usage by what metadata said goes with the requests; usage by model stays.
        var day = _host.Clock.GetUtcNow().AddDays(-401).UtcDateTime.Date;
        (await GroupsAsync("metadata.user", day)).ShouldBe("");
        (await GroupsAsync("model", day)).ShouldBe("gpt-4o-mini 3");
        (await GroupsAsync("metadata.user", day.AddDays(390))).ShouldBe("ada 1");

        async Task<string> GroupsAsync(string by, DateTime first) =>
            string.Join(", ", (await _host.GetAsync(key, $"/v1/usage?group_by={by}&start={first.AddDays(-1):yyyy-MM-dd}&end={first.AddDays(2):yyyy-MM-dd}"))
                .Body.GetProperty("groups").EnumerateArray().Select(group => $"{group.GetProperty("group").GetProperty("value")} {group.GetProperty("total_requests")}"));

        // Gone from what a merchant reads, and small; the newer one is whole.
        var rows = await CallsAsync(wallet, 4);
        rows.Count(row => Json.Read(row.Data, MeteringJson.Default.StoredRequest).IsStripped).ShouldBe(3);
        rows.Skip(1).Max(row => row.Data.Length).ShouldBeLessThan(old.Min(row => row.Data.Length) * 2 / 3);
        (await _host.GetAsync(key, "/v1/requests?limit=10")).Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        (await _host.GetAsync(key, $"/v1/requests?limit=10&customer_id={customer}")).Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        (await _host.GetAsync(key, "/v1/requests/" + Json.Read(old[0].Data, MeteringJson.Default.StoredRequest).Record.RequestId)).Status.ShouldBe(404);
        (await _host.Tables.QueryAsync(TableNames.RequestIndex, RequestIndex.ByPair(tenant, "user", "ada"), KeyRange.Prefix(""), 10, default)).Count.ShouldBe(1);

        // Provable, and told by day as before.
        (await _host.Services.GetRequiredService<Audit>().RunAsync(default)).Faults.ShouldBeEmpty();
        var to = Uri.EscapeDataString(_host.Clock.GetUtcNow().AddDays(-390).ToString("O"));
        (await _host.GetAsync(key, $"/v1/usage?start={from}&end={to}")).Body.GetProperty("totals").GetRawText().ShouldBe(usage);

        // A message that lay among the dead letters all the time charges nothing again.
        var before = ((await _host.GetAsync(key, "/v1/wallet"))["balance"], (await _host.GetAsync(key, $"/v1/customers/{customer}/subscription"))["subscription.credits.total_remaining"]);
        await _host.Services.GetRequiredService<Meterer>().MeterAsync(tenant, [.. old.Select(row => Json.Read(row.Data, MeteringJson.Default.StoredRequest).Record)], default);
        ((await _host.GetAsync(key, "/v1/wallet"))["balance"], (await _host.GetAsync(key, $"/v1/customers/{customer}/subscription"))["subscription.credits.total_remaining"]).ShouldBe(before);
        (await _host.Services.GetRequiredService<Audit>().RunAsync(default)).Faults.ShouldBeEmpty();
        (decimal.Parse(balance!, System.Globalization.CultureInfo.InvariantCulture), decimal.Parse(credits!, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe((99.9999847m, 99.76m), "three calls: 10 tokens at 0.15 and 6 at 0.60 a million, and 16 at 5,000 credits a million");
    }

    private async Task<int> RunAsync() => await _host.Services.GetRequiredService<Retention>().RunAsync(default);

    private async Task CallAsync(string token)
    {
        var answer = await _host.PostAsync(token, Chat, """{"model":"gpt-4o-mini","max_tokens":50,"messages":[{"role":"user","content":"[sandbox: input_tokens=10; output_tokens=6]"}]}""", ("x-lava-metadata", """{"user":"ada"}"""));
        answer.Status.ShouldBe(200, answer.Body.GetRawText());
    }

    // The calls of the wallet's book, newest first, as soon as all are metered.
    private async Task<IReadOnlyList<TableRow>> CallsAsync(string wallet, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var rows = await _host.Tables.QueryAsync(TableNames.Books, wallet, KeyRange.Prefix(BookRows.CallPrefix), 100, limit.Token);
            if (rows.Count == count) return rows;
            await Task.Delay(20, limit.Token);
        }
    }
}
