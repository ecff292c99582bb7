using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Auditing;

/// <summary>Keeps what the last audit found, for the operator's pages.</summary>
public sealed class AuditResults(ITableStore tables, TimeProvider time)
{
    /// <summary>Faults whose sentences are kept.</summary>
    private const int MostFaults = 20;

    private const string Partition = "system";
    private const string Row = "audit";

    /// <summary>Keeps a result in the place of the one before.</summary>
    /// <param name="report">What the audit found.</param>
    /// <param name="damage">What is wrong with the store's file, a sentence each.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask SaveAsync(AuditReport report, IReadOnlyList<string> damage, CancellationToken cancellationToken)
    {
        List<string> faults = [.. damage, .. report.Faults];
        var result = new AuditResult(
            time.GetUtcNow(),
            report.Books,
            report.Entries,
            report.Requests,
            faults.Count,
            [.. faults.Take(MostFaults).Select(fault => fault.Length > 500 ? fault[..500] : fault)],
            report.Notes.Count);
        await tables.CommitAsync(
            TableNames.Merchants,
            Partition,
            [TableWrite.Put(Row, Json.Write(result, AuditJson.Default.AuditResult))],
            cancellationToken);
    }

    /// <summary>The last result; null where no audit has run.</summary>
    public async ValueTask<AuditResult?> FindAsync(CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Merchants, Partition, Row, cancellationToken) is { } row
            ? Json.Read(row.Data, AuditJson.Default.AuditResult)
            : null;
}
