namespace Lava.Service.Reporting.LedgerEntries;

/// <summary>An entry of the ledger on the wire, our own addition: a movement whose postings add up to zero, with its reason and what caused it.</summary>
/// <param name="EntryId"><c>le_…</c>.</param>
/// <param name="Sequence">Its number in its book.</param>
/// <param name="CreatedAt">When it was booked.</param>
/// <param name="Reason">Why (<c>usage_charge</c>, <c>included_credit</c>, <c>card_charge</c>, …).</param>
/// <param name="Cause">What else caused it: a payment, a subscription's cycle; null for calls.</param>
/// <param name="Postings">Its sides.</param>
/// <param name="Requests">The calls that caused it, each with its part.</param>
internal sealed record LedgerEntryResponse(
    string EntryId,
    long Sequence,
    DateTimeOffset CreatedAt,
    string Reason,
    string? Cause,
    IReadOnlyList<PostingResponse> Postings,
    IReadOnlyList<EntryRequestResponse> Requests);
