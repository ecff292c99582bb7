namespace Lava.Service.Reporting.LedgerEntries;

/// <summary>Credits of one origin that end together, our own addition. Lots are spent in the order of the list.</summary>
/// <param name="CreditLotId">The ledger entry that granted them, <c>le_…</c>.</param>
/// <param name="Kind"><c>included</c>, <c>rollover</c> or <c>bundle</c>; credits that were given by hand are of the last kind.</param>
/// <param name="Reason">Why they were granted, as in the ledger.</param>
/// <param name="Description">The merchant's own words for credits given by hand; null for others.</param>
/// <param name="Amount">How many were granted.</param>
/// <param name="Remaining">How many are left.</param>
/// <param name="GrantedAt">When they were granted.</param>
/// <param name="ExpiresAt">When they run out; null where the plan carries them over.</param>
internal sealed record CreditLotResponse(
    string CreditLotId,
    string Kind,
    string Reason,
    string? Description,
    string Amount,
    string Remaining,
    DateTimeOffset GrantedAt,
    DateTimeOffset? ExpiresAt);
