using System.Buffers.Text;
using System.Security.Cryptography;
using Lava.Core.Ids;
using Lava.Core.Keys;

namespace Lava.Service.Credentials;

/// <summary>Raw secret keys: made here, shown once, stored nowhere.</summary>
internal static class RawKey
{
    /// <summary>A new key: <c>aks_test_</c> or <c>aks_live_</c> and 256 random bits as base64url.</summary>
    public static string Create(Mode mode) => $"aks_{mode.Word()}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";

    /// <summary>The name under which a credential is stored: SHA-256 in hex.</summary>
    public static string Hash(string raw) => KeyHash.Of(raw).ToHex();
}
