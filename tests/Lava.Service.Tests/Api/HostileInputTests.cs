using System.Net.Http.Json;
using System.Text;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Api;

public sealed class HostileInputTests(LavaFixture lava) : IClassFixture<LavaFixture>
{
    private static readonly (string Method, string Path)[] WithBody =
    [
        ("POST", "/v1/customers"), ("POST", "/v1/meters"), ("POST", "/v1/requests"), ("POST", "/v1/secret_keys"),
        ("POST", "/v1/plans"), ("POST", "/v1/meters/simulate"), ("POST", "/v1/checkout_sessions"),
        ("PATCH", "/v1/customers/x"), ("PATCH", "/v1/meters/x"), ("PATCH", "/v1/plans/x"), ("PUT", "/v1/provider_keys/openai"),
    ];

    [Fact]
    public async Task Every_body_that_is_no_object_is_invalid_json()
    {
        foreach (var (method, path) in WithBody)
        {
            foreach (var body in new[] { "{", "[]", "7", "\"x\"", "{\"a\":1}{", "nul", new string('[', 100), "{\"a\":" + new string('[', 40) + new string(']', 40) + "}", "\u0000" })
            {
                var (status, answer, _) = await lava.SendAsync(lava.First.TestKey, method, path, new StringContent(body));
                (status, Code(answer)).ShouldBe((400, "invalid_json"), $"{method} {path} {body}");
            }
        }
    }

    [Fact]
    public async Task A_body_over_a_megabyte_is_too_large()
    {
        foreach (var (method, path) in WithBody)
            (await lava.SendAsync(lava.First.TestKey, method, path, new StringContent(new string(' ', 1024 * 1024 + 1)))).Status.ShouldBe(413);
    }

    [Theory]
    [InlineData("/v1/customers", """{"reference_id":5}""", "reference_id")]
    [InlineData("/v1/customers", """{"reference_id":"con_x"}""", "reference_id")]
    [InlineData("/v1/customers", """{"email":"nobody"}""", "email")]
    [InlineData("/v1/customers", """{"phone":"12"}""", "phone")]
    [InlineData("/v1/customers", """{"metadata":[]}""", "metadata")]
    [InlineData("/v1/customers", """{"name":""}""", "name")]
    [InlineData("/v1/meters", """{"rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":"1"}]}""", "name")]
    [InlineData("/v1/meters", """{"name":"m","rate_type":"odd","tier_type":"requests","tiers":[{"start":"0","rate":"1"}]}""", "rate_type")]
    [InlineData("/v1/meters", """{"name":"m","rate_type":"fixed","tier_type":"requests","tiers":[]}""", "tiers")]
    [InlineData("/v1/meters", """{"name":"m","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"1","rate":"1"}]}""", "tiers.0.start")]
    [InlineData("/v1/meters", """{"name":"m","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":"-1"}]}""", "tiers.0.rate")]
    [InlineData("/v1/meters", """{"name":"m","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":"1e9"}]}""", "tiers.0.rate")]
    [InlineData("/v1/meters", """{"name":"m","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":"1"},{"start":"0","rate":"1"}]}""", "tiers.1.start")]
    [InlineData("/v1/meters", """{"name":"m","meter_slug":"Not A Slug","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":"1"}]}""", "meter_slug")]
    [InlineData("/v1/secret_keys", "{}", "name")]
    [InlineData("/v1/requests", """{"customer_id":"c","meter_slug":"m"}""", "request_id")]
    [InlineData("/v1/requests", """{"request_id":"r","customer_id":"c","meter_slug":"m","input_tokens":-1}""", "input_tokens")]
    [InlineData("/v1/requests", """{"request_id":"r","customer_id":"c","meter_slug":"m","input_tokens":"7"}""", "input_tokens")]
    [InlineData("/v1/requests", """{"request_id":"r","customer_id":"c","meter_slug":"m","output_tokens":1e30}""", "output_tokens")]
    [InlineData("/v1/requests", """{"request_id":"r","customer_id":"c","meter_slug":"m","metadata":{"bad key":"x"}}""", "metadata.bad key")]
    public async Task A_wrong_member_is_named_and_nothing_is_made(string path, string body, string issue)
    {
        var before = (await lava.SendAsync(lava.Second.TestKey, "GET", path + "?limit=100")).Body.GetRawText();
        var (status, answer, _) = await lava.SendAsync(lava.Second.TestKey, "POST", path, new StringContent(body, Encoding.UTF8, "application/json"));
        (status, Code(answer)).ShouldBe((400, "validation_error"));
        answer.GetProperty("error").GetProperty("issues").EnumerateArray().Select(found => string.Join('.', found.GetProperty("path").EnumerateArray().Select(step => step.GetString()))).ShouldContain(issue);
        (await lava.SendAsync(lava.Second.TestKey, "GET", path + "?limit=100")).Body.GetRawText().ShouldBe(before);
    }

    [Theory]
    [InlineData("/v1/customers?limit=0", 400)]
    [InlineData("/v1/customers?limit=101", 400)]
    [InlineData("/v1/customers?limit=x", 400)]
    [InlineData("/v1/customers?cursor=nonsense", 400)]
    [InlineData("/v1/requests?cursor=nonsense", 400)]
    [InlineData("/v1/requests?metadata_filters=x", 400)]
    [InlineData("/v1/requests?metadata_filters=[[1,2]]", 400)]
    [InlineData("/v1/usage", 400)]
    [InlineData("/v1/usage?start=yesterday", 400)]
    [InlineData("/v1/usage?start=2026-02-02&end=2026-01-01", 400)]
    [InlineData("/v1/usage?start=2020-01-01&end=2026-01-01", 400)]
    [InlineData("/v1/customers/..%2f..%2fx", 404)]
    [InlineData("/v1/meters/a%23b%3Fc", 404)]
    [InlineData("/v1/requests/%F0%9F%98%80", 404)]
    [InlineData("/v1/nothing", 404)]
    public async Task Hostile_addresses_get_a_clear_refusal(string path, int expected)
    {
        var (status, answer, _) = await lava.SendAsync(lava.First.TestKey, "GET", path);
        status.ShouldBe(expected, answer.GetRawText());
        answer.GetProperty("error").GetProperty("status").GetInt32().ShouldBe(expected);
    }

    [Theory]
    [InlineData("", "authentication_required")]
    [InlineData("lava_sk_x", "secret_key_invalid")]
    [InlineData("aks_test_unknown_unknown_unknown", "secret_key_invalid")]
    [InlineData("e30=", "secret_key_invalid")]
    public async Task Only_a_secret_key_opens_the_management_api(string credential, string code)
    {
        var (status, answer, _) = await lava.SendAsync(credential, "GET", "/v1/meters");
        (status, Code(answer)).ShouldBe((401, code));
    }

    [Fact]
    public async Task A_repeat_with_an_idempotency_key_gets_the_first_answer_and_another_body_is_a_conflict()
    {
        var headers = ("Idempotency-Key", Guid.NewGuid().ToString());
        var first = await lava.SendAsync(lava.First.TestKey, "POST", "/v1/secret_keys", JsonContent.Create(new { name = "once" }), headers);
        var second = await lava.SendAsync(lava.First.TestKey, "POST", "/v1/secret_keys", JsonContent.Create(new { name = "once" }), headers);
        second.Body.GetRawText().ShouldBe(first.Body.GetRawText());
        second.Response.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
        var other = await lava.SendAsync(lava.First.TestKey, "POST", "/v1/secret_keys", JsonContent.Create(new { name = "twice" }), headers);
        (other.Status, Code(other.Body)).ShouldBe((409, "idempotency_conflict"));
    }

    [Fact]
    public async Task Management_answers_carry_the_rate_limit_and_no_answer_lets_browsers_in()
    {
        var (_, _, response) = await lava.SendAsync(lava.First.TestKey, "GET", "/v1/meters", null, ("Origin", "https://evil.example"));
        response.Headers.GetValues("X-RateLimit-Limit").ShouldBe(["1000"]);
        response.Headers.Any(header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)).ShouldBeFalse();
    }

    private static string Code(System.Text.Json.JsonElement answer) => answer.GetProperty("error").GetProperty("code").GetString()!;
}
