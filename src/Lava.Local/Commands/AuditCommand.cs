using Lava.Local.Storage;
using Lava.Service.Auditing;
using Lava.Service.Ports.Tables;

namespace Lava.Local.Commands;

/// <summary>Proves the books of a data directory, and that its file is whole.</summary>
internal static class AuditCommand
{
    public static async Task<int> RunAsync(LocalOptions options)
    {
        try
        {
            using var host = await StoreHost.OpenAsync(options.Data);
            if (host is null) return 2;
            var damage = SqliteCheck.Find(StoreHost.PathOf(options.Data));
            return await ReportAsync(host.Services, damage);
        }
        catch (TableStoreException fault)
        {
            foreach (var line in SqliteCheck.Find(StoreHost.PathOf(options.Data))) await System.Console.Error.WriteLineAsync("FAULT " + line);
            await System.Console.Error.WriteLineAsync($"FAULT {fault.Message}");
            System.Console.WriteLine("The books cannot be read.");
            return 1;
        }
    }

    /// <summary>Proves the books of a service and prints what it found.</summary>
    /// <param name="services">The service.</param>
    /// <param name="damage">What is wrong with the file, a sentence each; null where there is no file.</param>
    public static async Task<int> ReportAsync(IServiceProvider services, IReadOnlyList<string>? damage = null)
    {
        damage ??= [];
        var report = await services.GetRequiredService<Audit>().RunAsync(CancellationToken.None);
        try
        {
            await services.GetRequiredService<AuditResults>().SaveAsync(report, damage, CancellationToken.None);
        }
        catch (TableStoreException fault)
        {
            await System.Console.Error.WriteLineAsync($"NOTE The result could not be kept: {fault.Message}");
        }

        foreach (var note in report.Notes) await System.Console.Error.WriteLineAsync("NOTE " + note);
        foreach (var fault in damage.Concat(report.Faults)) await System.Console.Error.WriteLineAsync("FAULT " + fault);
        var faults = damage.Count + report.Faults.Count;
        var verdict = faults == 0 ? "clean" : $"{faults} faults";
        System.Console.WriteLine(
            $"{report.Books} books, {report.Entries} entries, {report.Requests} requests, "
            + $"{report.InFlight} in flight, sum {report.Sum}: {verdict}");
        return faults == 0 ? 0 : 1;
    }
}
