using Lava.Service.Billing;
using Lava.Service.Billing.Wallets;
using Lava.Service.Metering.Records;
using Lava.Service.Payments;
using Lava.Service.Webhooks;

namespace Lava.Service.Admin;

/// <summary>The queues that there are.</summary>
public static class QueueNames
{
    /// <summary>Every queue.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        UsageQueue.Name,
        BillingQueue.Name,
        WebhookQueue.Name,
        WalletFunding.QueueName,
        PaymentEvents.QueueName,
    ];
}
