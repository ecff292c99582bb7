using System.Runtime.InteropServices;
using Lava.Service.Ports.Tables;

namespace Lava.Local.Storage;

/// <summary>What the native SQLite library must be able to do.</summary>
internal static class SqliteLibrary
{
    /// <summary>Refuses a library whose waits for locks are whole seconds: each of them would stop every call. SQLite built without <c>usleep</c> rounds a wait
    /// up to a second and returns what it slept, in milliseconds (sqlite.org, "Suspend Execution For A Short Time").</summary>
    /// <exception cref="TableStoreException">The library sleeps for longer than it is asked to.</exception>
    public static void Check() => Check(Sleep);

    internal static void Check(Func<int, int> sleep)
    {
        const int Asked = 1;
        if (sleep(Asked) is var slept && slept > Asked)
            throw new TableStoreException($"The SQLite library cannot be used: asked to wait {Asked} ms, it waited {slept} ms. Build with the version of "
                + $"SQLitePCLRaw that Directory.Packages.props names.");
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_sleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int Sleep(int milliseconds);
}
