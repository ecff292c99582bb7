using Azure.Messaging.ServiceBus;
using Lava.Service.Billing.Wallets;

namespace Lava.Functions.Queues;

/// <summary>Looks after payments that were begun for wallets: the handler that the local worker calls too, fed by Service Bus. A session for each payment, so
/// messages come one by one from many sessions at once.</summary>
public sealed class FundWalletsFunction(HandlerRunner runner)
{
    /// <summary>Takes a message of a payment.</summary>
    [Function("fund-wallets")]
    public Task RunAsync(
        [ServiceBusTrigger(WalletFunding.QueueName, Connection = AzureHead.ServiceBusConnection, IsSessionsEnabled = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => runner.RunAsync(WalletFunding.QueueName, [message], actions, cancellationToken);
}
