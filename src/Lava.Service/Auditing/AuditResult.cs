namespace Lava.Service.Auditing;

/// <summary>What an audit found, in short.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Books">Books read.</param>
/// <param name="Entries">Entries added up.</param>
/// <param name="Requests">Requests checked.</param>
/// <param name="FaultCount">How many faults.</param>
/// <param name="Faults">The first of them, a sentence each.</param>
/// <param name="Notes">How many notes, which are no faults.</param>
public sealed record AuditResult(DateTimeOffset At, long Books, long Entries, long Requests, int FaultCount, IReadOnlyList<string> Faults, int Notes);
