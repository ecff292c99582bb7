namespace Lava.Service.Reporting.LedgerEntries;

/// <summary>A call's part of an entry.</summary>
public sealed record EntryRequestResponse(string RequestId, string Amount);
