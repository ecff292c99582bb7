using System.Text;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Api;

public sealed class HostileBodyTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private static readonly (string Method, string Path)[] Writes =
    [
        ("POST", "/v1/customers"), ("PATCH", "/v1/customers/known"), ("POST", "/v1/meters"), ("PATCH", "/v1/meters/known"),
        ("POST", "/v1/secret_keys"), ("POST", "/v1/plans"), ("PATCH", "/v1/plans/{plan}"), ("POST", "/v1/requests"), ("POST", "/v1/meters/simulate"), ("POST", "/v1/plans"), ("POST", "/v1/subscriptions"), ("PATCH", "/v1/subscriptions/as_test_x"),
        ("POST", "/v1/webhooks"), ("PATCH", "/v1/webhooks/wh_test_x"), ("POST", "/v1/spend_keys"), ("PUT", "/v1/spend_keys/spk_test_x"), ("POST", "/v1/wallet/fund"), ("PATCH", "/v1/account/fallback"),
        ("POST", "/v1/test_clocks"), ("POST", "/v1/test_clocks/clk_test_x/advance"), ("POST", "/v1/meters/simulate"), ("POST", "/v1/test_helpers/payment_methods"),
        ("POST", "/v1/test_helpers/subscriptions"), ("POST", "/v1/test_helpers/credit_bundles"), ("POST", "/v1/portal_sessions"), ("POST", "/v1/branding"), ("POST", "/v1/subscriptions/as_test_x/plan"), ("POST", "/v1/subscriptions/as_test_x/credit_bundles"), ("POST", "/v1/customers/known/default_payment_method"),
    ];

    private static readonly (string What, byte[] Body)[] Unreadable =
    [
        ("a lone high surrogate", """{"name":"\ud800"}"""u8.ToArray()),
        ("a lone low surrogate", """{"name":"\udc00x"}"""u8.ToArray()),
        ("surrogates in the wrong order", """{"name":"\udc00\ud800"}"""u8.ToArray()),
        ("a lone surrogate as a member's name", """{"\ud800":"x","name":"y"}"""u8.ToArray()),
        ("a lone surrogate deep inside", """{"metadata":{"a":["\udfff"]}}"""u8.ToArray()),
        ("bytes that are no UTF-8", [.. "{\"name\":\""u8, 0xff, 0xfe, .. "\"}"u8]),
        ("an overlong encoding", [.. "{\"name\":\""u8, 0xc0, 0xaf, .. "\"}"u8]),
        ("a byte order mark", [0xef, 0xbb, 0xbf, .. "{}"u8]),
        ("UTF-16", Encoding.Unicode.GetBytes("{}")),
        ("a comment", "{/* */}"u8.ToArray()),
        ("a trailing comma", """{"name":"x",}"""u8.ToArray()),
        ("not a number", """{"name":NaN}"""u8.ToArray()),
        ("two documents", "{}{}"u8.ToArray()),
        ("a list", "[]"u8.ToArray()),
        ("null", "null"u8.ToArray()),
        ("form data", "name=x"u8.ToArray()),
        ("33 levels", Encoding.ASCII.GetBytes("{\"a\":" + new string('[', 32) + new string(']', 32) + "}")),
    ];

    [Fact]
    public async Task A_body_that_cannot_be_read_is_invalid_json_everywhere_and_changes_nothing()
    {
        var merchant = await host.NewMerchantAsync();
        var key = merchant.TestKey;
        await host.NewCustomerAsync(key, """{"reference_id":"known","name":"Ada"}""");
        await host.NewMeterAsync(key, "\"meter_slug\":\"known\"");
        var before = await SnapshotAsync(key);
        foreach (var (method, path) in Writes)
        {
            foreach (var (what, body) in Unreadable)
            {
                var answer = await host.SendAsync(key, method, path.Replace("{plan}", merchant.Merchant.TestPlanId, StringComparison.Ordinal), body);
                (answer.Status, answer.Code).ShouldBe((400, "invalid_json"), $"{method} {path}: {what}");
            }
        }

        (await SnapshotAsync(key)).ShouldBe(before);
    }

    [Fact]
    public async Task A_body_of_32_levels_and_a_body_of_a_megabyte_are_taken()
    {
        var key = await host.NewKeyAsync();
        (await host.PostAsync(key, "/v1/customers", "{\"metadata\":{\"a\":" + new string('[', 30) + new string(']', 30) + "}}")).Status.ShouldBe(201);
        (await host.PostAsync(key, "/v1/customers", "{}" + new string(' ', (1024 * 1024) - 2))).Status.ShouldBe(201);
    }

    [Fact]
    public async Task A_body_over_a_megabyte_is_too_large_whether_or_not_its_length_is_declared()
    {
        var key = await host.NewKeyAsync();
        var body = Encoding.ASCII.GetBytes("{}" + new string(' ', (1024 * 1024) - 1));
        var declared = await host.SendAsync(key, "POST", "/v1/customers", body);
        (declared.Status, declared.Code).ShouldBe((413, "payload_too_large"));

        using var http = new HttpClient { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/customers") { Content = new StreamContent(new MemoryStream(body)) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        ((int)(await http.SendAsync(request)).StatusCode).ShouldBe(413);
        (await host.GetAsync(key, "/v1/customers"))["data"].ShouldBe("[]");
    }

    [Fact]
    public async Task An_emoji_written_as_two_escapes_is_text_like_any_other()
    {
        var key = await host.NewKeyAsync();
        var answer = await host.PostAsync(key, "/v1/customers", """{"name":"\ud83d\ude00 Grin"}""");
        (answer.Status, answer["contact.first_name"], answer["contact.last_name"]).ShouldBe((201, "\U0001F600", "Grin"));
    }

    [Fact]
    public async Task Text_of_a_query_that_is_no_unicode_is_refused()
    {
        var key = await host.NewKeyAsync();
        var answer = await host.GetAsync(key, "/v1/requests?metadata_filters=" + Uri.EscapeDataString("""[["a","\ud800"]]"""));
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
    }

    [Fact]
    public async Task A_forward_token_whose_text_is_no_unicode_is_a_broken_token()
    {
        foreach (var json in new[] { """{"secret_key":"aks_test_\ud800"}""", """{"secret_key":"aks_test_x","customer_id":"\udc00"}""" })
        {
            var token = Convert.ToBase64String(Encoding.ASCII.GetBytes(json));
            var answer = await host.PostAsync(token, "/v1/forward?u=https://api.openai.com/v1/chat/completions", "{}");
            (answer.Status, answer.Code).ShouldBe((400, "forward_token_json_invalid"), json);
        }
    }

    [Fact]
    public async Task Members_of_the_wrong_type_are_all_named_and_nothing_changes()
    {
        var merchant = await host.NewMerchantAsync();
        var key = merchant.TestKey;
        await host.NewCustomerAsync(key, """{"reference_id":"known","name":"Ada"}""");
        await host.NewMeterAsync(key, "\"meter_slug\":\"known\"");
        var before = await SnapshotAsync(key);
        var plan = "/v1/plans/" + merchant.Merchant.TestPlanId;
        foreach (var (method, path, body, issues) in new (string, string, string, string[])[]
        {
            ("POST", "/v1/customers", """{"name":1,"email":true,"phone":[],"reference_id":{},"metadata":"x"}""", ["name", "email", "phone", "reference_id", "metadata"]),
            ("POST", "/v1/customers", $$"""{"name":"{{new string('x', 256)}}"}""", ["name"]),
            ("POST", "/v1/customers", $$"""{"reference_id":"{{new string('x', 256)}}"}""", ["reference_id"]),
            ("POST", "/v1/customers", """{"reference_id":""}""", ["reference_id"]),
            ("POST", "/v1/customers", """{"reference_id":"a\u0000b"}""", ["reference_id"]),
            ("POST", "/v1/customers", $$$"""{"metadata":{"a":"{{{new string('x', 16 * 1024)}}}"}}""", ["metadata"]),
            ("POST", "/v1/customers", """{"email":"Ada <ada@example.com>"}""", ["email"]),
            ("POST", "/v1/customers", """{"phone":"004412345678"}""", ["phone"]),
            ("POST", "/v1/customers", """{"phone":"+0123456789"}""", ["phone"]),
            ("PATCH", "/v1/customers/known", """{"name":1,"email":"x","phone":"1","metadata":[1]}""", ["name", "email", "phone", "metadata"]),
            ("PATCH", "/v1/customers/known", """{"reference_id":"con_mine"}""", ["reference_id"]),
            ("POST", "/v1/meters", "{}", ["name", "rate_type", "tier_type", "tiers"]),
            ("POST", "/v1/meters", """{"name":[],"rate_type":1,"tier_type":null,"tiers":"x","meter_slug":7}""", ["name", "rate_type", "tier_type", "tiers", "meter_slug"]),
            ("POST", "/v1/meters", """{"name":"m","rate_type":"fixed","tier_type":"requests","tiers":[1,null,"x"]}""", ["tiers.0.start", "tiers.0.rate", "tiers.1.start", "tiers.2.rate"]),
            ("POST", "/v1/meters", """{"name":"m","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":"1.00000000001"}]}""", ["tiers.0.rate"]),
            ("POST", "/v1/meters", """{"name":"m","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":".5"}]}""", ["tiers.0.rate"]),
            ("POST", "/v1/meters", """{"name":"m","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":"5."}]}""", ["tiers.0.rate"]),
            ("POST", "/v1/meters", """{"name":"m","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":-1}]}""", ["tiers.0.rate"]),
            ("POST", "/v1/meters", """{"name":"m","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":1e400}]}""", ["tiers.0.rate"]),
            ("POST", "/v1/meters", """{"name":"m","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":"1"},{"start":"10","rate":"1"},{"start":"5","rate":"1"}]}""", ["tiers.2.start"]),
            ("PATCH", "/v1/meters/known", """{"tiers":[]}""", ["tiers"]),
            ("PATCH", "/v1/meters/known", """{"name":5}""", ["name"]),
            ("POST", "/v1/secret_keys", "{}", ["name"]),
            ("POST", "/v1/secret_keys", """{"name":null}""", ["name"]),
            ("POST", "/v1/secret_keys", """{"name":"a\nb"}""", ["name"]),
            ("PATCH", plan, """{"name":1,"included_credit":"-1","rollover_type":"some","bundle_rollover_type":1,"meter_ids":"x"}""", ["name", "included_credit", "rollover_type", "bundle_rollover_type", "meter_ids"]),
            ("PATCH", plan, """{"included_credit":"10000.01"}""", ["included_credit"]),
            ("PATCH", plan, """{"meter_ids":["known","unknown",7]}""", ["meter_ids.1", "meter_ids.2"]),
            ("PATCH", plan, """{"default_auto_top_up_bundle_id":"cb_test_x"}""", ["default_auto_top_up_bundle_id"]),
            ("PATCH", plan, """{"credit_bundles":[{"credit_bundle_id":"cb_test_x","name":"b"},{"name":"","cost":"0.49","credit_amount":"0"},7]}""", ["credit_bundles.0.credit_bundle_id", "credit_bundles.1.name", "credit_bundles.2"]),
            ("PATCH", plan, """{"credit_bundles":[{"name":"b","cost":"0.49","credit_amount":"0"}]}""", ["credit_bundles.0.cost", "credit_bundles.0.credit_amount"]),
            ("POST", "/v1/plans", "{}", ["name", "period_amount", "billing_interval"]),
            ("POST", "/v1/plans", """{"name":1,"period_amount":"-5","billing_interval":"fortnight","rollover_type":2,"credit_bundles":{}}""", ["name", "period_amount", "billing_interval", "rollover_type", "credit_bundles"]),
            ("POST", "/v1/plans", """{"name":"p","period_amount":"10000.01","billing_interval":"month"}""", ["period_amount"]),
            ("POST", "/v1/plans", """{"name":"p","period_amount":"1","billing_interval":"month","default_auto_top_up_bundle_index":0}""", ["default_auto_top_up_bundle_index"]),
            ("POST", "/v1/plans", """{"name":"p","period_amount":"1","billing_interval":"month","meter_ids":["nobody"]}""", ["meter_ids.0"]),
            ("POST", "/v1/subscriptions", """{"customer_id":1}""", ["customer_id", "plan_id"]),
            ("POST", "/v1/webhooks", """{"name":"w","url":"ftp://example.com"}""", ["url"]),
            ("POST", "/v1/webhooks", """{"name":"w","url":"https://user:secret@example.com/"}""", ["url"]),
            ("POST", "/v1/webhooks", """{"url":"/relative"}""", ["name", "url"]),
            ("POST", "/v1/webhooks", """{"name":"w","url":"https://example.com:22/"}""", ["url"]),
            ("POST", "/v1/webhooks/wh_test_x/rotate", """{"overlap_seconds":604801}""", ["overlap_seconds"]),
            ("POST", "/v1/webhooks/wh_test_x/rotate", """{"overlap_seconds":-1}""", ["overlap_seconds"]),
            ("POST", "/v1/webhooks/wh_test_x/rotate", """{"overlap_seconds":1.5}""", ["overlap_seconds"]),
            ("POST", "/v1/spend_keys", """{"status":"gone","request_shape":"bedrock","allowed_models":[],"allowed_providers":[7]}""", ["name", "status", "request_shape", "allowed_models", "allowed_providers.0"]),
            ("POST", "/v1/spend_keys", """{"name":"k","spend_limit":{"amount":"0","cycle":"yearly"},"request_limit":{"count":0},"rate_limit":{"rpm":1.5,"burst":0},"expires_at":"2020-01-01T00:00:00Z"}""", ["spend_limit.amount", "spend_limit.cycle", "request_limit.count", "request_limit.cycle", "rate_limit.rpm", "rate_limit.burst", "expires_at"]),
            ("POST", "/v1/spend_keys", """{"name":"k","spend_limit":7,"rate_limit":"x"}""", ["spend_limit", "rate_limit"]),
            ("POST", "/v1/wallet/fund", """{"amount":5}""", ["payment_method_id", "amount"]),
            ("POST", "/v1/wallet/fund", """{"payment_method_id":"pm_x","amount":"10.001"}""", ["amount"]),
            ("PATCH", "/v1/account/fallback", """{"fallbacks":["openai"]}""", ["fallbacks.0"]),
            ("POST", "/v1/test_clocks", """{"frozen_time":"tomorrow"}""", ["frozen_time"]),
            ("POST", "/v1/test_clocks", """{"frozen_time":"9999-12-31T23:59:59Z"}""", ["frozen_time"]),
            ("POST", "/v1/customers", """{"test_clock_id":"clk_test_x"}""", ["test_clock_id"]),
            ("POST", "/v1/meters/simulate", """{"meter_id":"known","start":"2030-01-01T00:00:00Z","end":"2029-01-01T00:00:00Z"}""", ["start", "meter"]),
            ("POST", "/v1/meters/simulate", """{"meter_id":"known","start":"2020-01-01T00:00:00Z","meter":{"rate_type":"x","tiers":[]}}""", ["meter.rate_type", "meter.tier_type", "meter.tiers"]),
            ("POST", "/v1/test_helpers/payment_methods", """{"token":"4242"}""", ["token"]),
        })
        {
            var answer = await host.SendAsync(key, method, path, Encoding.UTF8.GetBytes(body));
            (answer.Status, answer.Code).ShouldBe((400, "validation_error"), $"{method} {path} {body}");
            foreach (var issue in issues) answer.Issues.ShouldContain(issue, $"{method} {path} {body}");
        }

        (await SnapshotAsync(key)).ShouldBe(before);
    }

    private async Task<string> SnapshotAsync(string key)
    {
        var all = new StringBuilder();
        foreach (var path in new[]
        {
            "/v1/customers", "/v1/meters", "/v1/secret_keys", "/v1/plans", "/v1/requests", "/v1/wallet", "/v1/credit_bundles", "/v1/subscriptions", "/v1/webhooks", "/v1/spend_keys", "/v1/payment_methods",
            "/v1/account/fallback", "/v1/test_clocks", "/v1/ledger",
        }) all.Append((await host.GetAsync(key, path)).Body.GetRawText());
        return all.ToString();
    }
}
