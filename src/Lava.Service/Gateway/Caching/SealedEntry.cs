namespace Lava.Service.Gateway.Caching;

/// <summary>An entry of the sealed store.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Until">When it is over.</param>
/// <param name="Bytes">What was kept.</param>
internal sealed record SealedEntry(DateTimeOffset At, DateTimeOffset Until, ReadOnlyMemory<byte> Bytes);
