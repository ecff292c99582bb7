using Lava.Local.Storage;
using Lava.Service;
using Lava.Service.Auditing;
using Lava.Service.Ports;

namespace Lava.Local.Commands;

/// <summary>Proves the books of a data directory.</summary>
internal static class AuditCommand
{
    public static async Task<int> RunAsync(LocalOptions options)
    {
        var path = Path.Combine(options.Data, "lava.db");
        if (!File.Exists(path))
        {
            await Console.Error.WriteLineAsync($"There is no store in {options.Data}.");
            return 2;
        }

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ITableStore>(_ => new SqliteTableStore(new SqliteOptions { Path = path }));
        builder.Services.AddLava(builder.Configuration);
        using var host = builder.Build();
        return await ReportAsync(host.Services);
    }

    /// <summary>Proves the books of a service and prints what it found.</summary>
    public static async Task<int> ReportAsync(IServiceProvider services)
    {
        var report = await services.GetRequiredService<Audit>().RunAsync(CancellationToken.None);
        foreach (var fault in report.Faults) await Console.Error.WriteLineAsync("FAULT " + fault);
        Console.WriteLine($"{report.Books} books, {report.Entries} entries, {report.Requests} requests, {report.InFlight} in flight, sum {report.Sum}: {(report.Faults.Count == 0 ? "clean" : $"{report.Faults.Count} faults")}");
        return report.Faults.Count == 0 ? 0 : 1;
    }
}
