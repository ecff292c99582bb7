using System.Text;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Reporting;

/// <summary>Usage that merchants report: one by one, in batches, back-dated, as CloudEvents.</summary>
public sealed class UsageReportTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task A_batch_has_an_outcome_for_each_report_and_charges_each_once()
    {
        var (key, customer) = await BeginAsync();
        var batch = $$"""
            {"requests":[{{Report("a", customer)}},{{Report("b", customer)}},{{Report("a", customer)}},{{Report("b", customer, 2)}},
            {"request_id":"c","customer_id":"nobody","meter_slug":"chat"},{"customer_id":"x"},7]}
            """;
        var answer = await host.PostAsync(key, "/v1/requests/batch", batch);
        answer.Status.ShouldBe(200, answer.Body.GetRawText());
        Statuses(answer).ShouldBe([201, 201, 200, 409, 404, 400, 400]);
        answer["data.0.request.charge.amount"].ShouldBe("5.0000000000");
        answer["data.3.error.code"].ShouldBe("request_id_conflict");
        (await host.GetAsync(key, $"/v1/customers/{customer}/subscription"))["subscription.credits.total_remaining"].ShouldBe("90.00");

        // The same once more changes nothing.
        Statuses(await host.PostAsync(key, "/v1/requests/batch", batch)).ShouldBe([200, 200, 200, 409, 404, 400, 400]);
        (await host.GetAsync(key, $"/v1/customers/{customer}/subscription"))["subscription.credits.total_remaining"].ShouldBe("90.00");
    }

    [Fact]
    public async Task A_batch_takes_a_thousand_reports_and_no_more()
    {
        var (key, customer) = await BeginAsync();
        foreach (var (count, status) in new[] { (1_000, 200), (1_001, 400), (0, 400) })
        {
            var reports = Enumerable.Range(0, count).Select(i => Report($"{count}-{i}", customer, 1));
            (await host.PostAsync(key, "/v1/requests/batch", $$"""{"requests":[{{string.Join(',', reports)}}]}""")).Status.ShouldBe(status);
        }

        (await host.GetAsync(key, "/v1/usage?start=2026-01-01T00:00:00Z&customer_id=" + customer))["totals.total_requests"].ShouldBe("1000");
    }

    [Fact]
    public async Task A_report_is_back_dated_within_the_open_cycle()
    {
        var (key, customer) = await BeginAsync();
        var began = host.Clock.GetUtcNow();
        host.Clock.Advance(TimeSpan.FromDays(3));
        var made = await host.PostAsync(key, "/v1/requests", Report("late", customer, timestamp: began.AddDays(1)));
        (made.Status, made["timestamp"], made["created_at"]).ShouldBe((201, Text(began.AddDays(1)), Text(began.AddDays(1))));
        var day = (await host.GetAsync(key, $"/v1/usage?start={began:yyyy-MM-dd}T00:00:00Z&customer_id={customer}")).Body.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("total_requests").GetInt32() == 1);
        day.GetProperty("date").GetString().ShouldBe(began.AddDays(1).ToString("yyyy-MM-dd", null));

        foreach (var wrong in new[] { began.AddSeconds(-1), host.Clock.GetUtcNow().AddMinutes(6), new DateTimeOffset(9999, 12, 31, 0, 0, 0, TimeSpan.Zero) })
            (await host.PostAsync(key, "/v1/requests", Report("wrong", customer, timestamp: wrong))).Issues.ShouldBe(["timestamp"]);

        // A month later the cycle is over; the repeat is still answered.
        host.Clock.Advance(TimeSpan.FromDays(40));
        (await host.PostAsync(key, "/v1/requests", Report("late", customer, timestamp: began.AddDays(1)))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Usage_is_summed_by_hour_day_and_month_in_the_zone_of_the_start()
    {
        var (key, customer) = await BeginAsync();
        var midnight = new DateTimeOffset(host.Clock.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        await ReportAtAsync(midnight.AddMinutes(10));
        await ReportAtAsync(midnight.AddMinutes(90));
        (await SumAsync(midnight, midnight.AddHours(3).AddSeconds(-1), "hour")).ShouldBe(
            [(midnight, midnight.AddHours(1), 1), (midnight.AddHours(1), midnight.AddHours(2), 1), (midnight.AddHours(2), midnight.AddHours(3), 0)]);

        // In India it is 5:40 and 7:00.
        var five = midnight.ToOffset(TimeSpan.FromHours(5.5)).AddMinutes(-30);
        (await SumAsync(five, five.AddHours(3).AddSeconds(-1), "hour")).ShouldBe(
            [(five, five.AddHours(1), 1), (five.AddHours(1), five.AddHours(2), 0), (five.AddHours(2), five.AddHours(3), 1)]);

        var next = new DateTimeOffset(midnight.Year, midnight.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
        await ReportAtAsync(next.AddHours(1));
        (await SumAsync(midnight, next.AddHours(2), "month")).ShouldBe([(next.AddMonths(-1), next, 2), (next, next.AddMonths(1), 1)]);
        (await SumAsync(midnight, midnight.AddHours(2), null)).ShouldBe([(midnight, midnight.AddDays(1), 2)]);

        foreach (var (query, parameter) in new[] { ("interval=minute", "interval"), ("interval=", "interval"), ("interval=hour&end=2026-02-02T00:00:00Z", "end") })
            (await host.GetAsync(key, "/v1/usage?start=2026-01-01T00:00:00Z&" + query)).Issues.ShouldBe([parameter]);

        async Task ReportAtAsync(DateTimeOffset at)
        {
            host.Clock.Advance(at - host.Clock.GetUtcNow());
            (await host.PostAsync(key, "/v1/requests", Report(at.ToString("O", null), customer))).Status.ShouldBe(201);
        }

        async Task<List<(DateTimeOffset Start, DateTimeOffset Next, int Requests)>> SumAsync(DateTimeOffset start, DateTimeOffset end, string? interval)
        {
            var query = $"start={Uri.EscapeDataString(start.ToString("O", null))}&end={Uri.EscapeDataString(end.ToString("O", null))}&customer_id={customer}";
            var answer = await host.GetAsync(key, $"/v1/usage?{query}{(interval is null ? "" : "&interval=" + interval)}");
            return [.. answer.Body.GetProperty("items").EnumerateArray().Select(item => (
                item.GetProperty("start").GetDateTimeOffset(), item.GetProperty("end").GetDateTimeOffset().AddSeconds(1), item.GetProperty("total_requests").GetInt32()))];
        }
    }

    [Fact]
    public async Task CloudEvents_are_taken_alone_in_both_modes_and_as_a_batch()
    {
        var (key, customer) = await BeginAsync();
        var structured = Event("1", customer);
        var made = await host.PostAsync(key, "/v1/events", structured, ("Content-Type", "application/cloudevents+json"));
        (made.Status, made["request_id"], made["charge.amount"]).ShouldBe((201, "/shop/1", "5.0000000000"));
        (await host.PostAsync(key, "/v1/events", structured)).Status.ShouldBe(200);

        var binary = await host.PostAsync(
            key, "/v1/events", """{"input_tokens":1000000}""", ("ce-specversion", "1.0"), ("ce-id", "2"), ("ce-source", "/shop"), ("ce-type", "chat"), ("ce-subject", customer));
        (binary.Status, binary["request_id"], binary["model_usage.input_tokens"]).ShouldBe((201, "/shop/2", "1000000"));

        var batch = await host.PostAsync(key, "/v1/events", $"[{Event("2", customer)},{Event("3", customer)},{{\"specversion\":\"0.3\"}}]", ("Content-Type", "application/cloudevents-batch+json"));
        Statuses(batch).ShouldBe([200, 201, 400]);
    }

    [Fact]
    public async Task A_repeat_compares_values_and_is_answered_after_its_meter_is_gone()
    {
        var (key, customer) = await BeginAsync();
        var made = await host.PostAsync(key, "/v1/requests", $$"""{"request_id":"r","customer_id":"{{customer}}","meter_slug":"chat","input_seconds":1.50}""");
        made.Status.ShouldBe(201);
        (await host.PostAsync(key, "/v1/requests", $$"""{"request_id":"r","customer_id":"{{customer}}","meter_slug":"chat","input_seconds":1.5}""")).Status.ShouldBe(200);
        (await host.PostAsync(key, "/v1/requests", $$"""{"request_id":"r","customer_id":"{{customer}}","meter_slug":"chat","input_seconds":1.51}""")).Code.ShouldBe("request_id_conflict");
        host.Clock.Advance(TimeSpan.FromSeconds(20));
        (await host.DeleteAsync(key, "/v1/meters/chat")).Status.ShouldBe(200);
        (await host.PostAsync(key, "/v1/requests", $$"""{"request_id":"r","customer_id":"{{customer}}","meter_slug":"chat","input_seconds":1.500}"""))["request_id"].ShouldBe("r");
        (await host.PostAsync(key, "/v1/requests", $$"""{"request_id":"r","customer_id":"{{customer}}","meter_slug":"other","input_seconds":1.5}""")).Code.ShouldBe("request_id_conflict");
        (await host.PostAsync(key, "/v1/requests", $$"""{"request_id":"s","customer_id":"{{customer}}","meter_slug":"chat"}""")).Code.ShouldBe("meter_not_found");
    }

    [Fact]
    public async Task Request_ids_of_255_characters_are_found_and_lead_to_the_next_page()
    {
        var (key, customer) = await BeginAsync();
        var ids = new[] { new string('a', 255), new string('b', 255), new string('c', 255) };
        foreach (var id in ids)
        {
            host.Clock.Advance(TimeSpan.FromMilliseconds(2));
            (await host.PostAsync(key, "/v1/requests", Report(id, customer))).Status.ShouldBe(201);
        }

        (await host.GetAsync(key, "/v1/requests/" + ids[0]))["request_id"].ShouldBe(ids[0]);
        var first = await host.GetAsync(key, "/v1/requests?limit=2");
        first["next_cursor"].ShouldBe(ids[1]);
        (await host.GetAsync(key, "/v1/requests?limit=2&cursor=" + ids[1]))["data.0.request_id"].ShouldBe(ids[0]);
        (await host.GetAsync(key, "/v1/requests?request_id=" + ids[2]))["data.0.request_id"].ShouldBe(ids[2]);
        (await host.GetAsync(key, "/v1/requests?cursor=" + new string('a', 256))).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Usage_of_a_customer_that_lives_by_a_clock_carries_the_clocks_time()
    {
        var (key, _) = await BeginAsync();
        var clock = (await host.PostAsync(key, "/v1/test_clocks", """{"frozen_time":"2030-05-06T07:08:09Z"}"""))["test_clock_id"]!;
        var customer = await host.NewCustomerAsync(key, $$"""{"test_clock_id":"{{clock}}"}""");
        var made = await host.PostAsync(key, "/v1/requests", Report("clocked", customer));
        (made["created_at"], made["timestamp"]).ShouldBe(("2030-05-06T07:08:09.000Z", "2030-05-06T07:08:09.000Z"));
        (await host.GetAsync(key, $"/v1/ledger?customer_id={customer}&reason=usage_charge"))["data.0.created_at"].ShouldBe("2030-05-06T07:08:09.000Z");
        (await host.GetAsync(key, $"/v1/usage?start=2030-05-06T01:00:00Z&end=2030-05-06T23:00:01Z&customer_id={customer}"))["totals.total_requests"].ShouldBe("1");

        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{key}}","customer_id":"{{customer}}","meter_slug":"chat"}"""));
        var called = await host.PostAsync(token, "/v1/forward?u=https://api.openai.com/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}""");
        called.Status.ShouldBe(200, called.Body.GetRawText());
        var id = called.Header("x-lava-request-id")!;
        (await host.GetAsync(key, $"/v1/requests/{id}?settled=true"))["created_at"].ShouldBe("2030-05-06T07:08:09.000Z");
        (await host.GetAsync(key, $"/v1/usage?start=2030-05-06T01:00:00Z&end=2030-05-06T23:00:01Z&customer_id={customer}"))["totals.total_requests"].ShouldBe("2");
    }

    [Fact]
    public async Task An_id_that_the_gateway_gave_out_is_never_unknown_and_settled_waits_for_what_is_booked()
    {
        var (key, customer) = await BeginAsync();
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{key}}","customer_id":"{{customer}}","meter_slug":"chat"}"""));
        for (var i = 0; i < 20; i++)
        {
            var called = await host.PostAsync(token, "/v1/forward?u=https://api.openai.com/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}""");
            called.Status.ShouldBe(200, called.Body.GetRawText());
            var id = called.Header("x-lava-request-id")!;
            var shown = await host.GetAsync(key, "/v1/requests/" + id);
            shown.Status.ShouldBe(200);
            shown["status"].ShouldBeOneOf("pending", "completed");
            (await host.GetAsync(key, $"/v1/requests/{id}?settled=true"))["status"].ShouldBe("completed");
            (await host.GetAsync(key, "/v1/requests?request_id=" + id))["data.0.request_id"].ShouldBe(id);
        }

        // A call that was refused left nothing behind: pending at first, an error when no record can come any more.
        var refused = await host.PostAsync(token, "/v1/forward?u=https://api.openai.com/v1/chat/completions", """{"model":"no-such","messages":[]}""");
        var lost = refused.Header("x-lava-request-id")!;
        (await host.GetAsync(key, "/v1/requests/" + lost))["status"].ShouldBe("pending");
        host.Clock.Advance(TimeSpan.FromHours(2));
        var over = await host.GetAsync(key, "/v1/requests/" + lost);
        (over["status"], over["error_code"], over["cost"]).ShouldBe(("error", "not_recorded", "0.0000000000"));

        // Another merchant's id, and one that nobody gave out, are unknown.
        (await host.GetAsync(await host.NewKeyAsync(), "/v1/requests/" + lost)).Status.ShouldBe(404);
        (await host.GetAsync(key, "/v1/requests/" + lost[..^1] + (lost[^1] == 'A' ? 'B' : 'A'))).Status.ShouldBe(404);
        (await host.GetAsync(key, $"/v1/customers/{customer}/subscription?settled=maybe")).Issues.ShouldBe(["settled"]);
    }

    [Fact]
    public async Task The_balance_is_the_settled_one_where_that_is_asked_for()
    {
        var (key, customer) = await BeginAsync("requests");
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{key}}","customer_id":"{{customer}}","meter_slug":"chat"}"""));
        for (var i = 1; i <= 10; i++)
        {
            (await host.PostAsync(token, "/v1/forward?u=https://api.openai.com/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}""")).Status.ShouldBe(200);
            (await host.GetAsync(key, $"/v1/customers/{customer}/subscription?settled=true"))["subscription.credits.total_remaining"].ShouldBe($"{100 - (5 * i)}.00");
        }
    }

    [Fact]
    public async Task An_id_in_a_path_is_decoded_once()
    {
        var key = await host.NewKeyAsync();
        var (slash, percent) = (await host.NewCustomerAsync(key, """{"reference_id":"a/b"}"""), await host.NewCustomerAsync(key, """{"reference_id":"a%2Fb"}"""));
        (await host.GetAsync(key, "/v1/customers/a%2Fb"))["customer_id"].ShouldBe(slash);
        (await host.GetAsync(key, "/v1/customers/a%252Fb"))["customer_id"].ShouldBe(percent);
        (await host.DeleteAsync(key, "/v1/customers/a%252Fb")).Status.ShouldBe(200);
        (await host.GetAsync(key, "/v1/customers/a%2Fb"))["customer_id"].ShouldBe(slash);
        (await host.GetAsync(key, "/v1/customers/a%252Fb/subscription")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Years_that_no_calendar_here_reaches_are_refused()
    {
        var key = await host.NewKeyAsync();
        (await host.GetAsync(key, "/v1/usage?start=9999-12-31T00:00:00Z")).Issues.ShouldBe(["start"]);
        (await host.GetAsync(key, "/v1/usage?start=9999-01-01T00:00:00Z&end=9999-12-31T23:59:59Z")).Status.ShouldBe(400);
        (await host.PostAsync(key, "/v1/test_clocks", """{"frozen_time":"9999-12-31T00:00:00Z"}""")).Issues.ShouldBe(["frozen_time"]);
        (await host.PostAsync(key, "/v1/spend_keys", """{"name":"x","expires_at":"9999-12-31T00:00:00Z"}""")).Issues.ShouldBe(["expires_at"]);
    }

    /// <summary>A customer with 100 credits and a meter of 5 credits for a million tokens, or for a call.</summary>
    private async Task<(string Key, string Customer)> BeginAsync(string tierType = "tokens_1m")
    {
        var key = await host.NewKeyAsync(100);
        await host.PostAsync(key, "/v1/meters", $$"""{"name":"Chat","meter_slug":"chat","rate_type":"fixed","tier_type":"{{tierType}}","tiers":[{"start":"0","rate":"5"}]}""");
        return (key, await host.NewCustomerAsync(key));
    }

    private static string Report(string id, string customer, int tokens = 1_000_000, DateTimeOffset? timestamp = null) =>
        $$"""{"request_id":"{{id}}","customer_id":"{{customer}}","meter_slug":"chat","input_tokens":{{tokens}}{{(timestamp is { } at ? $",\"timestamp\":\"{Text(at)}\"" : "")}}}""";

    private static string Event(string id, string customer) =>
        $$$"""{"specversion":"1.0","id":"{{{id}}}","source":"/shop","type":"chat","subject":"{{{customer}}}","data":{"input_tokens":1000000}}""";

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null);

    private static int[] Statuses(Answer answer) => [.. answer.Body.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("status").GetInt32())];
}
