using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lava.Console.Pages.Webhooks;

/// <summary>Checks a delivery's signature as a receiver does (docs/webhooks.md), and says what is wrong with it. Nothing of it is kept.</summary>
internal static class SignatureCheck
{
    private const string Wrong = "The signature is not of this secret and body. Compare the secret, and sign the raw body as it arrived: parsing and writing "
        + "JSON again changes its bytes.";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Checks it.</summary>
    /// <param name="secret">The signing secret.</param>
    /// <param name="header">The value of either header.</param>
    /// <param name="body">The body, byte for byte.</param>
    /// <param name="now">The time.</param>
    public static (bool IsRight, string Text) Run(string secret, string header, string body, DateTimeOffset now)
    {
        if (!header.Contains('=', StringComparison.Ordinal))
        {
            return IsEqual(header, Sign(secret, body))
                ? (true, "The signature is right. It does not say when it was made; X-Webhook-Signature-V2 does.")
                : (false, Wrong);
        }

        var parts = header.Split(',').Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries)).Where(part => part.Length == 2).ToList();
        var time = parts.Find(part => part[0] == "t")?[1];
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 253_402_300_799)
            return (false, "The header has no time: it should look like t=1790000000,v1=….");
        var expected = Sign(secret, $"{time}.{body}");
        if (!parts.Any(part => part[0] == "v1" && IsEqual(part[1], expected))) return (false, Wrong);
        var age = now - DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (age.Duration() <= Tolerance) return (true, "The signature is right, and made within the last five minutes.");
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("u", CultureInfo.InvariantCulture);
        return (true, $"The signature is right, but made at {at}. A receiver refuses one that is older than five minutes.");
    }


    private static string Sign(string secret, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    private static bool IsEqual(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
