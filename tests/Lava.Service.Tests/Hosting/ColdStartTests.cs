using Lava.Console;
using Lava.Service.Hosting;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Hosting;

/// <summary>What keeps the first request of a new instance from being slow.</summary>
public sealed class ColdStartTests(LavaFixture lava) : IClassFixture<LavaFixture>
{
    [Fact]
    public void No_endpoint_is_compiled_when_the_first_request_comes()
    {
        // The framework makes a handler out of a method with parameters at run time; ours are handlers themselves.
        var foreign = lava.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RequestDelegate?.Method.DeclaringType?.Assembly is not { } assembly
                || (assembly != typeof(LavaService).Assembly && assembly != typeof(LavaConsole).Assembly))
            .Select(endpoint => endpoint.RoutePattern.RawText)

            // The reference's page is a package's.
            .Where(path => path != "/docs" && !path!.StartsWith("/docs/", StringComparison.Ordinal));
        foreign.ShouldBeEmpty();
    }
}
