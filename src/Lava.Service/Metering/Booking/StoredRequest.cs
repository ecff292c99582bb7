using Lava.Service.Metering.Records;

namespace Lava.Service.Metering.Booking;

/// <summary>A metered request as the wallet's book holds it: the record and what was charged for it. Its row is the marker of the call's cost.</summary>
/// <param name="Record">What came from the gateway.</param>
/// <param name="Charge">What the meter made of it; null without a meter or for an error.</param>
/// <param name="CostEntry">The entry of the wallet's book that took its cost; null where none did.</param>
/// <param name="ForgoneCost">US dollars that were not taken: the call's reservation had been given to others and the wallet was used up. Nearly always
/// 0.</param>
/// <param name="IsStripped">Whether its time is over: only what proves the books is left of it.</param>
public sealed record StoredRequest(UsageRecord Record, StoredCharge? Charge, long? CostEntry, decimal ForgoneCost = 0, bool IsStripped = false)
{
    /// <summary>What the wallet pays for it, US dollars.</summary>
    public decimal DueCost => Record is { IsManaged: true, IsError: false } ? Record.Cost - ForgoneCost : 0;

    /// <summary>What is kept for good: who was charged how much for how many tokens, by which call.</summary>
    public StoredRequest Stripped() => new(
        new UsageRecord
        {
            Call = Record.Call,
            RequestId = "",
            CreatedAt = Record.CreatedAt,
            CompletedAt = Record.CompletedAt,
            Provider = Record.Provider,
            ProviderKeyType = "",
            Endpoint = "",
            IsError = Record.IsError,
            IsSwept = Record.IsSwept,
            IsCached = Record.IsCached,
            Flag = Record.Flag,
            Dispute = Record.Dispute,
            IsManaged = Record.IsManaged,
            IsBilled = Record.IsBilled,
            Usage = Record.Usage,
            Cost = Record.Cost,
            CustomerId = Record.CustomerId,
            MeterId = Record.MeterId,
            SpendKeyId = Record.SpendKeyId,
            ClaimHash = Record.ClaimHash,
        },
        Charge is null ? null : Charge with { Breakdown = [] },
        CostEntry,
        ForgoneCost,
        IsStripped: true);
}
