using Grpc.Net.Client;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Core;
using Microsoft.Azure.ServiceBus.Grpc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: WorkerExtensionStartup(typeof(ServiceBusExtensionStartup))]

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Opens a channel to the host, over which messages are settled.</summary>
public sealed class ServiceBusExtensionStartup : WorkerExtensionStartup
{
    /// <inheritdoc />
    public override void Configure(IFunctionsWorkerApplicationBuilder applicationBuilder) => applicationBuilder.Services.AddSingleton(static provider =>
    {
        var host = provider.GetRequiredService<IConfiguration>()["Functions:Worker:HostEndpoint"]
            ?? throw new InvalidOperationException("There is no Functions host.");
        return new Settlement.SettlementClient(GrpcChannel.ForAddress(host));
    });
}
