using System.Security.Cryptography;
using System.Text;

namespace Lava.Functions.Payments;

/// <summary>Names at Stripe and in the tables.</summary>
internal static class StripeIds
{
    private const int MaxLength = 255;

    /// <summary>Whether a text can be one of Stripe's ids; what cannot is asked for nowhere.</summary>
    public static bool IsId(string? text, string prefix) =>
        text is not null
            && text.Length > prefix.Length
            && text.Length <= MaxLength
            && text.StartsWith(prefix, StringComparison.Ordinal)
            && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    /// <summary>The key of a row for a key of a caller, which may hold any character.</summary>
    public static string KeyRow(string prefix, string key) => prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
