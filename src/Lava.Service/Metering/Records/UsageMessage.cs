using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Booking;

namespace Lava.Service.Metering.Records;

/// <summary>A message of the usage queue: calls of one tenant that finished at about the same time.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="IsLive">Live mode; otherwise test mode.</param>
/// <param name="Records">The calls.</param>
/// <param name="Fences">Leases to end once the calls of this message and of those before it are booked; null for none.</param>
internal sealed record UsageMessage(string MerchantId, bool IsLive, IReadOnlyList<UsageRecord> Records, IReadOnlyList<LeaseFence>? Fences = null)
{
    /// <summary>A mark. It is reported when everything before it is booked (<see cref="Settling"/>); null for calls.</summary>
    public string? Mark { get; init; }
}
