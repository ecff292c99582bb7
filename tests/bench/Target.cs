namespace Lava.Bench;

/// <summary>Something that answers the benchmark's calls.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Url">Where the calls go.</param>
/// <param name="Headers">What they carry beside their body.</param>
/// <param name="Body">Their body; null for the usual one.</param>
internal sealed record Target(string Name, string Url, IReadOnlyDictionary<string, string> Headers, string? Body = null);
