using Lava.Core.Ledger;

namespace Lava.Service.Reporting.LedgerEntries;

/// <summary>Which entries are asked for.</summary>
/// <param name="Account">An account that they move; null for any.</param>
/// <param name="Reason">Their reason; null for any.</param>
/// <param name="Cause">Their cause; null for any.</param>
internal sealed record LedgerFilter(string? Account, EntryReason? Reason, string? Cause)
{
    /// <summary>Whether every entry is asked for.</summary>
    public bool IsEmpty => this is { Account: null, Reason: null, Cause: null };

    /// <summary>Whether an entry is one of them.</summary>
    public bool IsMatch(Entry entry) =>
        (Reason is null || entry.Reason == Reason)
            && (Cause is null || entry.Cause == Cause)
            && (Account is null || entry.Postings.Any(posting => posting.Account == Account));
}
