using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lava.Local.Storage;
using Lava.Service.Ports.Tables;

namespace Lava.Contracts.Tests.Storage;

/// <summary>The test assembly as a process of its own: it commits pairs of rows for ever and says each number when it is acknowledged.</summary>
public static class KilledWriter
{
    public const string Partition = "killed";

    /// <summary>Entry point of the child; test runners load this assembly and do not call it.</summary>
    public static async Task Main(string[] arguments)
    {
        if (arguments is [_, "limited"])
        {
            await LimitedWriter.MainAsync(arguments[0]);
            return;
        }

        await using var store = new SqliteTableStore(new SqliteOptions { Path = arguments[0] });
        await store.EnsureTablesAsync([TableNames.Books], default);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = writer; ; i += 4)
            {
                var document = Encoding.UTF8.GetBytes($"{i}");
                await store.CommitAsync(TableNames.Books, Partition, [TableWrite.Insert(Key('a', i), document), TableWrite.Insert(Key('b', i), document)], default);
                await System.Console.Out.WriteLineAsync($"{i}");
            }
        })));
    }

    public static string Key(char half, int number) => string.Create(CultureInfo.InvariantCulture, $"{half}{number:D8}");

    /// <summary>Starts it over a file, kills it when it has acknowledged so many, and says which.</summary>
    public static async Task<List<int>> RunAndKillAsync(string path, int acknowledgements)
    {
        using var child = Process.Start(new ProcessStartInfo("dotnet", [typeof(KilledWriter).Assembly.Location, path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var acknowledged = new List<int>();
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            acknowledged.Add(int.Parse(line, CultureInfo.InvariantCulture));
            if (acknowledged.Count == acknowledgements) child.Kill();
        }

        await child.WaitForExitAsync();
        return acknowledged;
    }
}
