using System.Globalization;
using Lava.Core.Money;
using Lava.Core.Pricing;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Records;
using Lava.Service.Pricing.Meters;

namespace Lava.Service.Reporting.Requests;

/// <summary>Shows requests.</summary>
internal static class RequestViews
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    public static RequestResponse Show(StoredRequest request) =>
        Show(request.Record, request.Charge, request.CostEntry, request.Record.IsError ? "error" : "completed");

    /// <summary>A call that is still under way.</summary>
    public static RequestResponse ShowPending(UsageRecord draft) => Show(draft, null, null, "pending");

    private static RequestResponse Show(UsageRecord record, StoredCharge? charge, long? costEntry, string status)
    {
        var usage = record.Usage;
        return new RequestResponse
        {
            RequestId = record.RequestId,
            Status = status,
            ErrorCode = record.ErrorCode,
            CustomerId = record.CustomerId,
            MeterId = record.MeterId,
            SpendKeyId = record.SpendKeyId,
            Provider = record.Provider,
            ProviderKeyType = record.ProviderKeyType,
            Model = record.Model,
            Endpoint = record.Endpoint,
            ResponseId = record.ResponseId,
            ModelUsage = new ModelUsage(
                usage.InputTokens,
                usage.OutputTokens,
                usage.TotalTokens,
                usage.InputCharacters,
                usage.OutputCharacters,
                usage.TotalCharacters,
                usage.InputSeconds,
                usage.OutputSeconds,
                usage.TotalSeconds,
                Amount.Fixed(record.InputCost),
                Amount.Fixed(record.OutputCost),
                Amount.Fixed(record.Cost)),
            UsageDetails = UsageDetails.Of(usage),
            CostLines = record.CostLines is { } lines ? [.. lines.Select(Show)] : null,
            Cost = Amount.Fixed(record.Cost),
            Charge = charge is null
                ? new ChargeResponse(Amount.Fixed(0), record.Rate is null ? "fixed" : MeterWords.Of(record.Rate.RateType), [])
                : new ChargeResponse(Amount.Fixed(charge.Amount), MeterWords.Of(charge.RateType), [.. charge.Breakdown.Select(Show)]),
            LedgerEntries = Entries(record, charge, costEntry),
            Cached = record.IsCached ? true : null,
            UsageFlag = record.Flag.Word(),
            HeldCost = record.Dispute is null ? null : Amount.Fixed(record.Dispute.HeldCost),
            EarlierAttempts = record.EarlierAttempts,
            Metadata = record.Metadata ?? NoMetadata,
            Timing = record.GatewayMilliseconds > 0 ? new RequestTiming(record.GatewayMilliseconds, record.FirstByteMilliseconds) : null,
            Timestamp = status == "pending" ? null : record.CompletedAt,
            CreatedAt = record.CreatedAt,
        };
    }

    private static List<string> Entries(UsageRecord record, StoredCharge? charge, long? costEntry)
    {
        var entries = new List<string>(2);
        if (costEntry is not null) entries.Add(EntryId.Of(null, costEntry.Value));
        if (charge?.Entry is { } entry) entries.Add(EntryId.Of(record.CustomerId, entry));
        return entries;
    }

    private static CostLineResponse Show(CostLine line) =>
        new(line.Item, Quantity(line.Quantity), Amount.Trimmed(line.Price), (long)line.Per, Amount.Fixed(line.Amount));

    private static string Quantity(decimal quantity) => quantity.ToString("0.############", CultureInfo.InvariantCulture);

    private static SliceResponse Show(StoredSlice slice) => new(
        new TierResponse(slice.Start, Amount.Trimmed(slice.Rate), MeterWords.Of(slice.Type)),
        slice.Tokens,
        slice.Characters,
        slice.Seconds,
        Amount.Fixed(slice.Cost));
}
