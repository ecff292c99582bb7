using Lava.Service.Auditing;
using Lava.Service.Hosting.SystemState;
using Microsoft.Extensions.Logging;

namespace Lava.Functions.Timers;

/// <summary>Proves the books. Each fault is an error in the log, and the run fails: an alert looks for that, for the host samples logs and no runs.</summary>
public sealed partial class AuditLedgerFunction(Audit audit, AuditResults results, JobLog jobs, ILogger<AuditLedgerFunction> logger)
{
    /// <summary>Runs each night, on one instance. Calls that are under way at the moment are no faults.</summary>
    /// <exception cref="InvalidOperationException">The books have faults.</exception>
    [Function("audit-ledger")]
    public Task RunAsync([TimerTrigger("0 40 3 * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        jobs.RunAsync("audit-ledger", TimeSpan.FromDays(1), AuditAsync, cancellationToken);

    private async Task AuditAsync(CancellationToken cancellationToken)
    {
        var report = await audit.RunAsync(cancellationToken);
        await results.SaveAsync(report, [], cancellationToken);
        foreach (var fault in report.Faults) LogFault(fault);
        LogDone(report.Books, report.Entries, report.Requests, report.Faults.Count);
        if (report.Faults.Count > 0)
            throw new InvalidOperationException($"The books have {report.Faults.Count} faults. docs/operations.md (Audit) tells what to do.");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The books have a fault: {Fault}")]
    private partial void LogFault(string fault);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The audit read {Books} books, {Entries} entries and {Requests} requests and found {Faults} faults.")]
    private partial void LogDone(long books, long entries, long requests, int faults);
}
