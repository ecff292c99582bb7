using Lava.Service.Ports.Tables;

namespace Lava.Service.Ledger.Leases;

/// <summary>Sends fences to where usage records are booked.</summary>
internal interface ILeaseFences
{
    /// <summary>Sends a fence behind every usage record of its book's tenant that is durable now.</summary>
    /// <exception cref="TableStoreException">The queue could not take it.</exception>
    ValueTask SendAsync(LeaseFence fence, CancellationToken cancellationToken);
}
