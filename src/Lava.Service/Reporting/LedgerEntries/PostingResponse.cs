namespace Lava.Service.Reporting.LedgerEntries;

/// <summary>A side of an entry; negative takes away.</summary>
internal sealed record PostingResponse(string Account, string Amount);
