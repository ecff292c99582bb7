namespace Lava.Local.Storage;

/// <summary>Knows whether the write-ahead log that a connection writes to is still the one that others find by its name. Somebody may remove it under a running
/// server: what is written to it afterwards is lost with the last process that has it open. Only Linux tells; elsewhere it is enough that a log is
/// there.</summary>
internal sealed class SqliteLogWatch
{
    private const string Descriptors = "/proc/self/fd";

    private readonly string _path;
    private readonly string? _descriptor;

    private SqliteLogWatch(string path, string? descriptor) => (_path, _descriptor) = (path, descriptor);

    /// <summary>Whether it is in its place.</summary>
    public bool IsInPlace => _descriptor is null ? File.Exists(_path) : Target(_descriptor) is not { } target || !IsGone(target, _path);

    /// <summary>Opens a connection and watches the log that it has opened.</summary>
    public static (T Connection, SqliteLogWatch Watch) Open<T>(string path, Func<T> open)
    {
        path = Path.GetFullPath(path);
        if (!Directory.Exists(Descriptors)) return (open(), new SqliteLogWatch(path, null));
        var before = Logs(path);
        var connection = open();
        return (connection, new SqliteLogWatch(path, Logs(path).Except(before).FirstOrDefault()));
    }

    private static HashSet<string> Logs(string path) =>
        [.. Directory.EnumerateFileSystemEntries(Descriptors).Where(descriptor => Target(descriptor) is { } target
            && (target == path || IsGone(target, path)))];

    private static bool IsGone(string target, string path) => target.Length > path.Length && target == path + " (deleted)";

    // Null for a descriptor that was closed meanwhile.
    private static string? Target(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
