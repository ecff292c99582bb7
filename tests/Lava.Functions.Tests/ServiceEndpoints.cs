using System.Diagnostics;
using Lava.Service.Api.Endpoints;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Routing;
using Lava.Service.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Functions.Tests;

/// <summary>What the service maps, with this head's composition.</summary>
internal static class ServiceEndpoints
{
    public static ServiceProvider Services(Action<IServiceCollection>? configure = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true" })
            .Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddSingleton(new DiagnosticListener("tests")).AddLavaOnAzure(configuration);
        configure?.Invoke(services);
        return services.BuildServiceProvider();
    }

    /// <summary>Each endpoint's pattern, and whether the gateway answers it.</summary>
    public static async Task<IReadOnlyList<(string Pattern, bool IsGateway)>> AllAsync()
    {
        await using var services = Services();
        var (all, gateway) = (new Routes(services), new Routes(services));
        all.MapLava();
        foreach (var endpoints in services.GetServices<IEndpoints>().Where(endpoints => endpoints is ForwardEndpoints or RoutingEndpoints or GeminiEndpoints or StoredResponseEndpoints or RealtimeEndpoints)) endpoints.Map(gateway);
        var calls = gateway.Patterns.ToHashSet(StringComparer.Ordinal);
        return [.. all.Patterns.Select(pattern => (pattern, calls.Contains(pattern)))];
    }

    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider { get; } = services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IEnumerable<string> Patterns => DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern.RawText!);

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(ServiceProvider);
    }
}
