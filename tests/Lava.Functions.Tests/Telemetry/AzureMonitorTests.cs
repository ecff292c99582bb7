using System.Diagnostics;
using Lava.Functions.Telemetry;
using Lava.Service.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Functions.Tests.Telemetry;

public sealed class AzureMonitorTests
{
    private const string Insights = "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://localhost:9";

    [Fact]
    public async Task Where_application_insights_is_configured_the_gateway_is_listened_to()
    {
        await using var services = Services(Insights);
        services.GetServices<ITelemetryExporter>().ShouldHaveSingleItem().ShouldBeOfType<AzureMonitorExport>();
        using var gateway = new ActivitySource(Instruments.Name);
        gateway.HasListeners().ShouldBeFalse();
        using var export = ActivatorUtilities.CreateInstance<TelemetryExport>(services);
        await export.StartAsync(CancellationToken.None);
        gateway.HasListeners().ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Elsewhere_nothing_is_sent(string? connection)
    {
        await using var services = Services(connection);
        services.GetServices<ITelemetryExporter>().ShouldBeEmpty();
    }

    private static ServiceProvider Services(string? insights)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = insights,
        }).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddSingleton(new DiagnosticListener("tests")).AddLavaOnAzure(configuration).BuildServiceProvider();
    }
}
