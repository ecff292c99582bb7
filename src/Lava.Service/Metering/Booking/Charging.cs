using Lava.Core.Ledger;
using Lava.Core.Pricing;
using Lava.Service.Metering.Records;

namespace Lava.Service.Metering.Booking;

/// <summary>Prices records one after another against a book's running totals.</summary>
internal static class Charging
{
    /// <summary>What a record's meter charges, and the head that has counted it; null where it has no meter or is an error.</summary>
    public static StoredCharge? Price(UsageRecord record, ref BookHead head)
    {
        if (record.Rate is null || record.MeterId is null || record.IsError) return null;
        if (record.IsCached && record.Rate.ExemptsCached) return new StoredCharge(0, record.Rate.RateType, [], null);
        var result = MeterCharge.Of(record.Rate, head.Totals.GetValueOrDefault(record.MeterId), record.Usage, record.Cost);
        head = Bookkeeping.Count(head, record.MeterId, result.After);
        var slices = new StoredSlice[result.Breakdown.Count];
        for (var i = 0; i < slices.Length; i++)
        {
            var row = result.Breakdown[i];
            slices[i] = new StoredSlice(row.Tier.Start, row.Tier.Rate, record.Rate.TierType, row.Tokens, row.Characters, row.Seconds, row.Cost);
        }

        return new StoredCharge(result.Amount, record.Rate.RateType, slices, null);
    }
}
