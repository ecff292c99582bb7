using System.Globalization;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Reporting;

public sealed class SimulationEndpointTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private const string Proposed = """{"rate_type":"fixed","tier_type":"tokens_1m","tiers":[{"start":"0","rate":"4"},{"start":"1000000","rate":"1"}]}""";

    [Fact]
    public async Task A_period_is_priced_under_the_proposed_meter_customer_by_customer()
    {
        var key = await host.NewKeyAsync();
        var start = Now();
        var meter = await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        var (big, small) = (await host.NewCustomerAsync(key), await host.NewCustomerAsync(key));
        foreach (var tokens in new[] { 900_000, 900_000 }) await ReportAsync(key, big, tokens);
        await ReportAsync(key, small, 1_000);

        var answer = await SimulateAsync(key, $$""" "meter_id":"chat","start":"{{start}}" """);
        answer.Status.ShouldBe(200, answer.Body.GetRawText());
        answer.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["meter_id", "start", "end", "actual", "simulated", "customers", "has_more"]);
        (answer["meter_id"], answer["start"], answer["end"], answer["has_more"]).ShouldBe((meter, start, Now(), "false"));

        // As it was: 1M × 5 + 0.8M × 3 and 0.001M × 5; as it would be: 1M × 4 + 0.8M × 1 and 0.001M × 4.
        answer["actual"].ShouldBe("""{"total_requests":3,"total_cost":"0.0000000000","total_charge":"7.4050000000"}""");
        answer["simulated"].ShouldBe("""{"total_requests":3,"total_cost":"0.0000000000","total_charge":"4.8040000000"}""");
        answer["customers"].ShouldBe(
            $$"""[{"customer_id":"{{big}}","requests":2,"actual_charge":"7.4000000000","simulated_charge":"4.8000000000"},{"customer_id":"{{small}}","requests":1,"actual_charge":"0.0050000000","simulated_charge":"0.0040000000"}]""");
    }

    [Fact]
    public async Task One_customer_can_be_looked_at_by_id_by_reference_and_after_its_deletion()
    {
        var key = await host.NewKeyAsync();
        await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        var (one, other) = (await host.NewCustomerAsync(key, """{"reference_id":"one"}"""), await host.NewCustomerAsync(key));
        await ReportAsync(key, one, 500_000);
        await ReportAsync(key, other, 250_000);
        foreach (var name in new[] { one, "one" }) (await OfAsync(name))["simulated.total_charge"].ShouldBe("2.0000000000");
        await host.DeleteAsync(key, "/v1/customers/" + one);
        (await OfAsync(one))["simulated.total_charge"].ShouldBe("2.0000000000");
        (await OfAsync("one")).Code.ShouldBe("customer_not_found");

        async Task<Answer> OfAsync(string customer) => await SimulateAsync(key, $$""" "meter_id":"chat","start":"2026-01-01T00:00:00Z","customer_id":"{{customer}}" """);
    }

    [Fact]
    public async Task A_period_has_its_first_and_its_last_millisecond_and_may_reach_as_far_as_times_go()
    {
        var key = await host.NewKeyAsync();
        await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        var customer = await host.NewCustomerAsync(key);
        var times = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            await ReportAsync(key, customer, 1_000);
            times.Add(Now());
        }

        (await CountAsync(times[1], times[1])).ShouldBe("1");
        (await CountAsync(times[0], times[1])).ShouldBe("2");
        (await CountAsync(times[0], times[2])).ShouldBe("3");
        (await CountAsync("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z")).ShouldBe("3");
        (await CountAsync("0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z")).ShouldBe("0");
        (await CountAsync("2200-01-01T00:00:00Z", "9999-12-31T23:59:59Z")).ShouldBe("0");
        (await CountAsync(times[2].Replace("Z", "+00:00", StringComparison.Ordinal), times[2])).ShouldBe("1");

        async Task<string?> CountAsync(string start, string end) => (await SimulateAsync(key, $$""" "meter_id":"chat","start":"{{start}}","end":"{{end}}" """))["actual.total_requests"];
    }

    [Fact]
    public async Task A_meter_without_requests_costs_nothing_under_any_rate()
    {
        var key = await host.NewKeyAsync();
        await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        var answer = await SimulateAsync(key, """ "meter_id":"chat","start":"2026-01-01T00:00:00Z" """);
        (answer["simulated.total_charge"], answer["customers"], answer["has_more"]).ShouldBe(("0.0000000000", "[]", "false"));
    }

    [Fact]
    public async Task Characters_minutes_and_calls_are_priced_as_the_proposed_meter_counts()
    {
        var key = await host.NewKeyAsync();
        await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        var customer = await host.NewCustomerAsync(key);
        await ReportAsync(key, customer, 10, ",\"input_characters\":300,\"output_characters\":200,\"input_seconds\":90");
        (await ChargeAsync("characters_1m", "2000")).ShouldBe("1.0000000000");
        (await ChargeAsync("minutes", "2")).ShouldBe("3.0000000000");
        (await ChargeAsync("requests", "0.25")).ShouldBe("0.2500000000");
        (await ChargeAsync("tokens_1m", "100000")).ShouldBe("1.0000000000");

        async Task<string?> ChargeAsync(string type, string rate) => (await host.PostAsync(
            key, "/v1/meters/simulate", $$$"""{"meter_id":"chat","start":"2026-01-01T00:00:00Z","meter":{"rate_type":"fixed","tier_type":"{{{type}}}","tiers":[{"start":"0","rate":"{{{rate}}}"}]}}"""))["simulated.total_charge"];
    }

    [Fact]
    public async Task Customers_come_page_by_page_and_the_totals_are_of_the_whole_period_on_each()
    {
        var key = await host.NewKeyAsync();
        await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        for (var i = 1; i <= 12; i++) await ReportAsync(key, await host.NewCustomerAsync(key), i * 1_000);
        var end = Now();
        foreach (var limit in new[] { "", ",\"limit\":5", ",\"limit\":12", ",\"limit\":100" })
        {
            var charges = new List<string>();
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await SimulateAsync(key, $$""" "meter_id":"chat","start":"2026-01-01T00:00:00Z","end":"{{end}}"{{limit}}{{(cursor.Length > 0 ? $",\"cursor\":\"{cursor}\"" : "")}} """);
                page["simulated.total_requests"].ShouldBe("12");
                charges.AddRange(page.Body.GetProperty("customers").EnumerateArray().Select(customer => customer.GetProperty("simulated_charge").GetString()!));
                cursor = page.Body.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
                page.Body.GetProperty("has_more").GetBoolean().ShouldBe(cursor is not null);
            }

            charges.ShouldBe(Enumerable.Range(1, 12).Reverse().Select(i => (i * 0.004m).ToString("0.0000000000", CultureInfo.InvariantCulture)));
        }

        (await SimulateAsync(key, """ "meter_id":"chat","start":"2026-01-01T00:00:00Z" """)).Body.GetProperty("customers").GetArrayLength().ShouldBe(10);
    }

    [Fact]
    public async Task A_simulation_reads_the_period_and_nothing_else()
    {
        var key = await host.NewKeyAsync();
        await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        var customer = await host.NewCustomerAsync(key);
        for (var i = 0; i < 30; i++) await ReportAsync(key, customer, 1);
        var start = Now();
        for (var i = 0; i < 2; i++) await ReportAsync(key, customer, 1);
        await SimulateAsync(key, $$""" "meter_id":"chat","start":"{{start}}" """);
        var read = await host.Tables.RowsReadByAsync(async () =>
            (await SimulateAsync(key, $$""" "meter_id":"chat","start":"{{start}}" """))["actual.total_requests"].ShouldBe("3"));
        read.ShouldBeInRange(1, 14);
    }

    [Theory]
    [InlineData("{}", "meter_id", "start", "meter")]
    [InlineData("""{"meter_id":7,"start":"yesterday","end":5,"meter":[],"limit":"5","cursor":7,"customer_id":{}}""", "meter_id", "start", "end", "meter", "limit", "cursor", "customer_id")]
    [InlineData("""{"meter_id":"chat","start":"2026-01-02T00:00:00Z","end":"2026-01-01T00:00:00Z","meter":{proposed}}""", "start")]
    [InlineData("""{"meter_id":"chat","start":"2026-01-01","meter":{proposed}}""", "start")]
    [InlineData("""{"meter_id":"chat","start":"2999-01-01T00:00:00Z","meter":{proposed}}""", "start")]
    [InlineData("""{"meter_id":"chat","start":"2026-01-01T00:00:00Z","meter":{proposed},"limit":0}""", "limit")]
    [InlineData("""{"meter_id":"chat","start":"2026-01-01T00:00:00Z","meter":{proposed},"limit":101}""", "limit")]
    [InlineData("""{"meter_id":"chat","start":"2026-01-01T00:00:00Z","meter":{proposed},"limit":1.5}""", "limit")]
    [InlineData("""{"meter_id":"chat","start":"2026-01-01T00:00:00Z","meter":{proposed},"cursor":"con_test_01ARZ3NDEKTSV4RRFFQ69G5FAV"}""", "cursor")]
    [InlineData("""{"meter_id":"chat","start":"2026-01-01T00:00:00Z","meter":{}}""", "meter.rate_type", "meter.tier_type", "meter.tiers")]
    [InlineData("""{"meter_id":"chat","start":"2026-01-01T00:00:00Z","meter":{"rate_type":"odd","tier_type":"bytes","tiers":[]}}""", "meter.rate_type", "meter.tier_type", "meter.tiers")]
    [InlineData("""{"meter_id":"chat","start":"2026-01-01T00:00:00Z","meter":{"rate_type":"fixed","tier_type":"requests","tiers":[{"start":"1","rate":"-1"}]}}""", "meter.tiers.0.rate")]
    [InlineData("""{"meter_id":"chat","start":"2026-01-01T00:00:00Z","meter":{"rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":"1"},{"start":"0","rate":"1"}]}}""", "meter.tiers.1.start")]
    public async Task What_is_wrong_is_named(string body, params string[] issues)
    {
        var key = await host.NewKeyAsync();
        await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        var answer = await host.PostAsync(key, "/v1/meters/simulate", body.Replace("{proposed}", Proposed, StringComparison.Ordinal));
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"), answer.Body.GetRawText());
        answer.Issues.ShouldBe(issues, ignoreOrder: true);
    }

    [Fact]
    public async Task Neither_another_merchants_nor_the_other_modes_usage_is_priced()
    {
        var merchant = await host.NewMerchantAsync();
        var meter = await host.NewMeterAsync(merchant.TestKey, "\"meter_slug\":\"chat\"");
        var customer = await host.NewCustomerAsync(merchant.TestKey);
        await ReportAsync(merchant.TestKey, customer, 1_000);
        foreach (var stranger in new[] { merchant.LiveKey, await host.NewKeyAsync() })
        {
            foreach (var name in new[] { meter, "chat" }) (await SimulateAsync(stranger, $$""" "meter_id":"{{name}}","start":"2026-01-01T00:00:00Z" """)).Code.ShouldBe("meter_not_found");
            await host.NewMeterAsync(stranger, "\"meter_slug\":\"chat\"");
            (await SimulateAsync(stranger, """ "meter_id":"chat","start":"2026-01-01T00:00:00Z" """))["actual.total_requests"].ShouldBe("0");
            (await SimulateAsync(stranger, $$""" "meter_id":"chat","start":"2026-01-01T00:00:00Z","customer_id":"{{customer}}" """)).Code.ShouldBe("customer_not_found");
        }
    }

    private Task<Answer> SimulateAsync(string key, string members) => host.PostAsync(key, "/v1/meters/simulate", $$"""{"meter":{{Proposed}},{{members}}}""");

    private async Task ReportAsync(string key, string customer, int tokens, string members = "")
    {
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var reported = await host.PostAsync(key, "/v1/requests", $$"""{"request_id":"{{Guid.NewGuid()}}","customer_id":"{{customer}}","meter_slug":"chat","input_tokens":{{tokens}}{{members}}}""");
        reported.Status.ShouldBe(201, reported.Body.GetRawText());
    }

    private string Now() => host.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
