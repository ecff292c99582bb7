using Azure.Messaging.ServiceBus;
using Lava.Service.Payments;

namespace Lava.Functions.Queues;

/// <summary>Looks after payments that were begun for wallets: the handler that the local worker calls too, fed by Service Bus.</summary>
public sealed class FundWalletsFunction(HandlerRunner runner)
{
    /// <summary>Takes a payment's messages.</summary>
    [Function("fund-wallets")]
    public Task RunAsync(
        [ServiceBusTrigger(WalletFunding.QueueName, Connection = AzureHead.ServiceBusConnection, IsSessionsEnabled = true, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => runner.RunAsync(WalletFunding.QueueName, messages, actions, cancellationToken);
}
