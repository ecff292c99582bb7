namespace Lava.Service.Gateway.Caching;

/// <summary>A row of a kept answer: a part of it, for a row holds less than an answer may have.</summary>
/// <param name="At">When the answer was whole.</param>
/// <param name="Until">When it is over.</param>
/// <param name="Parts">How many rows it has.</param>
/// <param name="Sealed">This row's bytes of it.</param>
internal sealed record CachedRow(DateTimeOffset At, DateTimeOffset Until, int Parts, byte[] Sealed);
