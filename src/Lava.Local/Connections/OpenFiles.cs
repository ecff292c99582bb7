using System.Globalization;

namespace Lava.Local.Connections;

/// <summary>The limit of files and sockets that this process may have open. One that reaches it does not get an error alone: the runtime ends it.</summary>
internal static class OpenFiles
{
    /// <summary>What the server opens later beside its connections: the store's readers, the webhooks' connections, the runtime's libraries.</summary>
    private const int Reserve = 128;

    /// <summary>Least room for connections. With less the server does not start.</summary>
    private const int Least = 24;

    /// <summary>Most connections served where no limit is known, or none near.</summary>
    private const int Most = 20_000;

    /// <summary>How many connections can be served, where each may have another to a provider, and how many more can be let in to be told that there are too
    /// many.</summary>
    /// <param name="limit">Most open files; null where it is unknown.</param>
    /// <param name="open">How many are open before the first connection.</param>
    public static (int Served, int Spare) Connections(int? limit, int open)
    {
        var room = Math.Max(Least, (limit ?? int.MaxValue) - open - Reserve);
        var served = Math.Min(room / 5 * 2, Most);
        return (served, Math.Min(room - (2 * served), Most / 10));
    }

    /// <summary>Why no server can run below a limit; null where one can. Below it the runtime soon finds no descriptor for a library of its own and
    /// ends.</summary>
    /// <param name="limit">Most open files; null where it is unknown.</param>
    /// <param name="open">How many are open before the first connection.</param>
    public static string? Fault(int? limit, int open) => limit is not { } most || most >= open + Reserve + Least
        ? null
        : $"This process may open {most} files and has {open} open already. Lava needs {open + Reserve + Least}. Raise the limit, for example with ulimit "
            + $"-n 4096.";

    /// <summary>The hard limit, to which the runtime raises the soft one; null where the system does not tell.</summary>
    public static int? Limit()
    {
        const string Name = "Max open files";
        if (!File.Exists("/proc/self/limits")) return null;
        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        var words = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words?.Length > 1 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var hard) ? hard : null;
    }

    /// <summary>How many are open.</summary>
    public static int Open() => Directory.Exists("/proc/self/fd") ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() : 0;
}
