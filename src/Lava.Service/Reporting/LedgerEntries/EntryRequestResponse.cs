namespace Lava.Service.Reporting.LedgerEntries;

/// <summary>A call's part of an entry.</summary>
internal sealed record EntryRequestResponse(string RequestId, string Amount);
