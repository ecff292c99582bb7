using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;
using Lava.Service.Ports.Queues;
using Lava.Service.Storage;

namespace Lava.Service.Metering.Records;

/// <summary>Sends fences through the queue of usage records: a tenant's messages are handled in the order in which they were sent.</summary>
internal sealed class UsageQueueFences(IMessageQueue queue, TimeProvider time) : ILeaseFences
{
    /// <inheritdoc/>
    public ValueTask SendAsync(LeaseFence fence, CancellationToken cancellationToken)
    {
        var tenant = new BookKey(fence.Book).Tenant;
        var message = new UsageMessage(tenant.MerchantId, tenant.Mode == Mode.Live, [], [fence]);
        return queue.SendAsync(
            UsageQueue.Name,
            [new OutgoingMessage(
                UsageQueue.FencePrefix + Ulid.Create(time.GetUtcNow()),
                tenant.Partition,
                Json.Write(message, MeteringJson.Default.UsageMessage))],
            cancellationToken);
    }
}
