using System.Text.Json;
using System.Text.Json.Nodes;
using Lava.Service.Api.Endpoints;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Api;

/// <summary>Members of a body that an endpoint does not have.</summary>
public sealed class BodyCheckTests(LavaFixture lava) : IClassFixture<LavaFixture>
{
    [Theory]
    [InlineData("POST", "/v1/customers", """{"name":"N","mail":"a@b.example"}""", "mail", "reference_id, name, email")]
    [InlineData("POST", "/v1/customers", """{"name":"N","created_at":"2026-01-01T00:00:00Z"}""", "created_at", "reference_id")]
    [InlineData("POST", "/v1/spend_keys", """{"name":"N","spend_limit":{"amount":"1","cycle":"daily","currency":"EUR"}}""", "spend_limit.currency", "amount, cycle")]
    [InlineData("POST", "/v1/meters", """{"name":"N","tiers":[{"start":"0","rate":"1"},{"start":"5","rate":"1","until":"9"}]}""", "tiers.1.until", "start, rate")]
    [InlineData("PATCH", "/v1/webhooks/x", """{"URL":"https://a.example"}""", "URL", "name, url")]
    [InlineData("DELETE", "/v1/customers/x", """{"force":true}""", "force", "no members")]
    [InlineData("POST", "/v1/requests/batch", """{"requests":[],"dry_run":true}""", "dry_run", "requests")]
    [InlineData("POST", "/v1/auth/callback", """{"code":"c","state":"s"}""", "state", "code")]
    public async Task An_unknown_member_is_named_with_those_that_there_are(string method, string path, string sent, string member, string told)
    {
        var (status, body, _) = await lava.SendAsync(lava.First.TestKey, method, path, Json(sent));

        status.ShouldBe(400);
        var error = body.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("validation_error");
        string.Join('.', error.GetProperty("issues")[0].GetProperty("path").EnumerateArray().Select(part => part.ToString())).ShouldBe(member);
        error.GetProperty("message").GetString()!.ShouldContain(told);
    }

    /// <summary>A limit whose name is misspelled makes no key without a limit.</summary>
    [Fact]
    public async Task Nothing_is_made_by_a_request_with_an_unknown_member()
    {
        var (status, _, _) = await lava.SendAsync(lava.First.TestKey, "POST", "/v1/customers", Json("""{"reference_id":"unmade","name":"N","limit":"1"}"""));

        status.ShouldBe(400);
        (await lava.SendAsync(lava.First.TestKey, "GET", "/v1/customers?reference_id=unmade")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    /// <summary>A counter whose name is misspelled would be usage that is never charged. The other reports of the batch are not held up.</summary>
    [Fact]
    public async Task A_report_with_an_unknown_member_is_refused_alone()
    {
        const string reports = """{"requests":[{"request_id":"b-1","customer_id":"x","meter_slug":"y","input_token":5},{"request_id":"b-2","customer_id":"x"}]}""";
        var (status, body, _) = await lava.SendAsync(lava.First.TestKey, "POST", "/v1/requests/batch", Json(reports));

        status.ShouldBe(200);
        Message(body.GetProperty("data")[0]).ShouldStartWith("The member input_token is unknown.");
        Message(body.GetProperty("data")[1]).ShouldContain("meter_slug is required.");
    }

    /// <summary>CloudEvents 1.0, 3.1: attributes may be extended by anyone. The data are ours.</summary>
    [Theory]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","subject":"c","traceparent":"00-1","data":{}}""", "customer")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","subject":"c","data":{"tokens":5}}""", "The member tokens is unknown.")]
    public async Task Events_may_have_other_attributes_and_no_other_data(string sent, string told)
    {
        var (status, body, _) = await lava.SendAsync(lava.First.TestKey, "POST", "/v1/events", Json(sent));

        status.ShouldBeGreaterThanOrEqualTo(400);
        body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(told, Case.Insensitive);
    }

    [Fact]
    public async Task An_object_that_was_read_can_be_sent_back()
    {
        var customer = await MakeAsync("/v1/customers", """{"name":"Ada Lovelace","reference_id":"back-1","metadata":{"any":{"thing":1}}}""");
        var meter = await MakeAsync("/v1/meters", """{"name":"M","meter_slug":"back-1","rate_type":"fixed","tier_type":"tokens_1m","tiers":[{"start":"0","rate":"1"}]}""");
        var plan = await MakeAsync("/v1/plans", """
            {"name":"P","period_amount":"5","billing_interval":"month","credit_bundles":[{"name":"B","cost":"5","credit_amount":"6"}]}
            """);
        var hook = await MakeAsync("/v1/webhooks", """{"name":"W","url":"https://hooks.example/w"}""");
        var key = await MakeAsync("/v1/spend_keys", """{"name":"K","spend_limit":{"amount":"1","cycle":"daily"},"rate_limit":{"rpm":5}}""");

        await SendBackAsync("PATCH", "/v1/customers/" + customer);
        await SendBackAsync("PATCH", "/v1/meters/" + meter);
        await SendBackAsync("PATCH", "/v1/plans/" + plan);
        await SendBackAsync("PATCH", "/v1/webhooks/" + hook);
        await SendBackAsync("PATCH", "/v1/spend_keys/" + key);

        async Task<string> MakeAsync(string path, string sent)
        {
            var (status, body, _) = await lava.SendAsync(lava.First.TestKey, "POST", path, Json(sent));
            status.ShouldBe(201, body.ToString());
            var made = body.TryGetProperty("spend_key", out var inner) ? inner : body;
            return made.EnumerateObject().First(member => member.Name.EndsWith("_id", StringComparison.Ordinal) && member.Name != "reference_id").Value.GetString()!;
        }

        async Task SendBackAsync(string method, string path)
        {
            var read = (await lava.SendAsync(lava.First.TestKey, "GET", path)).Body;
            var changed = JsonNode.Parse(read.GetRawText())!.AsObject();
            changed["name"] = "Changed";
            var (status, body, _) = await lava.SendAsync(lava.First.TestKey, method, path, Json(changed.ToJsonString()));
            status.ShouldBe(200, path + " " + body);
        }
    }

    [Fact]
    public async Task Every_described_change_of_the_management_API_refuses_what_it_does_not_have()
    {
        var checks = 0;
        foreach (var endpoint in lava.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<Operation>() is not { Tag: not (Operation.GatewayTag or "Admin") } operation || operation.Id == "createEvent") continue;
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            if (method == "GET") continue;
            var path = endpoint.RoutePattern.RawText!.Replace("{id}", "x", StringComparison.Ordinal);
            var (status, body, _) = await lava.SendAsync(lava.First.TestKey, method, path, Json("""{"wombat":1}"""));
            status.ShouldBe(400, operation.Id);
            body.GetProperty("error").GetProperty("message").GetString()!.ShouldStartWith("The member wombat is unknown.", Case.Sensitive, operation.Id);
            checks++;
        }

        checks.ShouldBeGreaterThan(35);
    }

    private static string Message(JsonElement result) => result.GetProperty("error").GetProperty("message").GetString()!;

    private static StringContent Json(string text) => new(text, null, "application/json");
}
