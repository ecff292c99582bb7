using Lava.Service.Api.Endpoints;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Api;

/// <summary>Query parameters that an endpoint does not have.</summary>
public sealed class QueryCheckTests(LavaFixture lava) : IClassFixture<LavaFixture>
{
    [Theory]
    [InlineData("/v1/requests?latency=5", "latency", "customer_id, meter_id")]
    [InlineData("/v1/customers?limit=1&page=2", "page", "cursor, limit")]
    [InlineData("/v1/customers/x?expand=plan", "expand", "no query parameters")]
    [InlineData("/v1/services?providers=openai", "providers", "provider")]
    public async Task An_unknown_parameter_is_named_with_those_that_there_are(string path, string parameter, string told)
    {
        var (status, body, _) = await lava.SendAsync(lava.First.TestKey, "GET", path);

        status.ShouldBe(400);
        var error = body.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("validation_error");
        error.GetProperty("issues")[0].GetProperty("path")[0].GetString().ShouldBe(parameter);
        error.GetProperty("message").GetString()!.ShouldContain(told);
    }

    /// <summary>A change is refused before it is made.</summary>
    [Fact]
    public async Task Nothing_is_changed_by_a_request_with_an_unknown_parameter()
    {
        var (status, _, _) = await lava.SendAsync(
            lava.First.TestKey, "POST", "/v1/customers?dry_run=true", new StringContent("""{"reference_id":"never","name":"N"}""", null, "application/json"));

        status.ShouldBe(400);
        (await lava.SendAsync(lava.First.TestKey, "GET", "/v1/customers?reference_id=never")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("/v1/customers?LIMIT=1&cursor=")]
    [InlineData("/v1/wallet?settled=true")]
    public async Task Known_parameters_pass_in_either_case(string path) => (await lava.SendAsync(lava.First.TestKey, "GET", path)).Status.ShouldBe(200);

    [Fact]
    public async Task Every_described_endpoint_of_the_management_API_refuses_what_it_does_not_have()
    {
        var checks = 0;
        foreach (var endpoint in lava.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<Operation>() is not { IsPublic: false, Tag: not (Operation.GatewayTag or "Admin") } operation) continue;
            var path = endpoint.RoutePattern.RawText!.Replace("{id}", "x", StringComparison.Ordinal);
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            var (status, body, _) = await lava.SendAsync(lava.First.TestKey, method, path + "?wombat=1", method == "GET" ? null : new StringContent("{}"));
            status.ShouldBe(400, operation.Id);
            body.GetProperty("error").GetProperty("message").GetString()!.ShouldStartWith("The query parameter wombat is unknown.", Case.Sensitive, operation.Id);
            checks++;
        }

        checks.ShouldBeGreaterThan(60);
    }
}
