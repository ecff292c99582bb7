using Azure.Messaging.ServiceBus;
using Lava.Service.Metering.Records;

namespace Lava.Functions.Queues;

/// <summary>Meters usage records: the handler that the local worker calls too, fed by Service Bus.</summary>
public sealed class MeterUsageFunction(HandlerRunner runner)
{
    /// <summary>Takes a batch of one account's session.</summary>
    [Function("meter-usage")]
    public Task RunAsync(
        [ServiceBusTrigger(
            UsageQueue.Name,
            Connection = AzureHead.ServiceBusConnection,
            IsSessionsEnabled = true,
            IsBatched = true,
            AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => runner.RunAsync(UsageQueue.Name, messages, actions, cancellationToken);
}
