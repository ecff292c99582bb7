using System.Security.Cryptography;
using System.Text;

namespace Lava.Service.Metering.Rollups;

/// <summary>Metadata pairs as the index names them: a hash, because values may hold any character.</summary>
internal static class MetadataPairs
{
    /// <summary>Hash of a pair: 120 bits as 20 characters that a table key may hold.</summary>
    public static string Hash(string key, string value)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(key + "\0" + value));
        return Convert.ToBase64String(bytes, 0, 15).Replace('+', '-').Replace('/', '_');
    }

    public static IReadOnlyList<string> Hashes(IReadOnlyDictionary<string, string>? metadata) =>
        metadata is null or { Count: 0 } ? [] : [.. metadata.Select(pair => Hash(pair.Key, pair.Value))];
}
