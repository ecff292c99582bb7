namespace Lava.Service.Ports.Tables;

/// <summary>A stored row.</summary>
/// <param name="Key">Row key, unique in its partition.</param>
/// <param name="ETag">Opaque version; changes with every write.</param>
/// <param name="Data">The row's document, UTF-8 JSON.</param>
public sealed record TableRow(string Key, string ETag, ReadOnlyMemory<byte> Data);
