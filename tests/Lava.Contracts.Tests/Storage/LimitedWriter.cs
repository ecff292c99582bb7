using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Lava.Local.Storage;
using Lava.Service.Ports.Tables;

namespace Lava.Contracts.Tests.Storage;

/// <summary>The test assembly as a process whose files cannot grow for a while: its writes fail where SQLite syncs a commit, as those to a dying or full disk do, and then they do not.</summary>
internal static partial class LimitedWriter
{
    private const int FileSizeSignal = 25;
    private const int FileSize = 1;

    /// <summary>Whether this system can do it.</summary>
    public static bool IsPossible => OperatingSystem.IsLinux();

    /// <summary>Starts it over a file and returns what it says, a word for each commit: <c>written</c>, <c>transient</c> or <c>fatal</c>.</summary>
    public static async Task<string[]> RunAsync(string path)
    {
        using var child = Process.Start(new ProcessStartInfo("dotnet", [typeof(KilledWriter).Assembly.Location, path, "limited"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>What the child does: a commit, commits while no file may grow, and commits until one is written again.</summary>
    public static async Task MainAsync(string path)
    {
        _ = Signal(FileSizeSignal, 1);
        await using var store = new SqliteTableStore(new SqliteOptions { Path = path });
        await store.EnsureTablesAsync([TableNames.Books], default);
        await SayAsync(store, "before");
        Limit(new FileInfo(path + "-wal").Length);
        for (var i = 0; i < 3; i++) await SayAsync(store, $"during-{i}");
        Limit(null);
        for (var i = 0; i < 100 && !await SayAsync(store, "after"); i++) await Task.Delay(50);
    }

    private static async Task<bool> SayAsync(SqliteTableStore store, string key)
    {
        try
        {
            await store.CommitAsync(TableNames.Books, "limited", [TableWrite.Put(key, Encoding.UTF8.GetBytes($"\"{new string('x', 30_000)}\""))], default);
            System.Console.WriteLine("written");
            return true;
        }
        catch (TableStoreException fault)
        {
            System.Console.WriteLine(fault.IsTransient ? "transient" : "fatal");
            return false;
        }
    }

    private static void Limit(long? bytes)
    {
        var limit = new Resource { Soft = bytes is null ? nuint.MaxValue : (nuint)bytes, Hard = nuint.MaxValue };
        if (SetLimit(FileSize, ref limit) != 0) throw new InvalidOperationException("The limit cannot be set.");
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int number, nint handler);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ref Resource limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Resource
    {
        public nuint Soft;
        public nuint Hard;
    }
}
