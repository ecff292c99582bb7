using System.Security.Cryptography;

namespace Lava.Service.Gateway.Caching;

/// <summary>What a sealed entry is kept by. Its row and its secret are both derived from a source and neither tells the other: who has the source can name the
/// row and open it, and who has the store alone can do neither, unless the whole source can be guessed.</summary>
internal sealed class SealedKey
{
    private const int HashBytes = 32;

    /// <summary>Derives a key.</summary>
    /// <param name="tenant">Whose entry it is.</param>
    /// <param name="source">What only those have who may read the entry.</param>
    /// <param name="row">Sets this kind of entries apart, for the row.</param>
    /// <param name="secret">Sets this kind of entries apart, for the secret.</param>
    public SealedKey(string tenant, byte[] source, ReadOnlySpan<byte> row, ReadOnlySpan<byte> secret)
    {
        Row = Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, source, HashBytes, info: row.ToArray()));
        Secret = HKDF.DeriveKey(HashAlgorithmName.SHA256, source, HashBytes, info: secret.ToArray());
        Partition = tenant + "|" + Row[..2];
    }

    /// <summary>The partition of its rows.</summary>
    public string Partition { get; }

    /// <summary>What its rows begin with.</summary>
    public string Row { get; }

    /// <summary>The key that seals it, for AES-256.</summary>
    public byte[] Secret { get; }
}
