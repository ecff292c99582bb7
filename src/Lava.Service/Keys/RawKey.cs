using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Lava.Core.Ids;
using Lava.Core.Keys;

namespace Lava.Service.Keys;

/// <summary>Raw secret keys: made here, shown once, stored nowhere.</summary>
public static class RawKey
{
    /// <summary>A new key: <c>aks_test_</c> or <c>aks_live_</c> and 256 random bits as base64url.</summary>
    public static string Create(Mode mode) => $"aks_{mode.Word()}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";

    /// <summary>The name under which a credential is stored: SHA-256 in hex. A key has 256 random bits, so nothing slower is needed.</summary>
    public static string Hash(string raw)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var max = Encoding.UTF8.GetMaxByteCount(raw.Length);
        Span<byte> bytes = max <= 1_024 ? stackalloc byte[max] : new byte[max];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(raw, bytes)], hash);
        return Convert.ToHexStringLower(hash);
    }
}
