using Lava.Service.Ports.Tables;

namespace Lava.Local.Storage;

/// <summary>How much the store's file takes on the disk, with its write-ahead log.</summary>
/// <param name="path">The file.</param>
internal sealed class SqliteFileSize(string path) : IStoreSize
{
    /// <inheritdoc/>
    public long Bytes() => new[] { path, path + "-wal" }.Select(name => new FileInfo(name)).Where(file => file.Exists).Sum(file => file.Length);
}
