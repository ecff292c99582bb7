using System.Text;
using System.Text.Json;

namespace Lava.Core.Keys;

/// <summary>A forward token: base64 of JSON that bundles a secret key with what the call is billed to. All eras are read (behaviour.md §1.3, §1.4).</summary>
/// <param name="SecretKey">The merchant's secret key.</param>
/// <param name="Customer">Customer id or reference; null: the merchant pays.</param>
/// <param name="Meter">Meter slug or id; null: no meter.</param>
/// <param name="ProviderKey">The caller's own provider key; null: the operator's.</param>
/// <param name="DisableBilling">Whether the customer is recorded but not charged.</param>
public sealed record ForwardToken(string SecretKey, string? Customer, string? Meter, string? ProviderKey, bool DisableBilling)
{
    private const int MaxLength = 8 * 1024;

    /// <summary>Reads a token; null unless it is base64 of JSON with a secret key, or of the dotted form of old.</summary>
    public static ForwardToken? Parse(string text)
    {
        if (text.Length > MaxLength || Decode(text) is not { } bytes) return null;
        var start = bytes.AsSpan().TrimStart(" \r\n\t"u8);
        return start.Length > 0 && start[0] == (byte)'{' ? FromJson(bytes) : FromDotted(bytes);
    }

    private static byte[]? Decode(string text)
    {
        var clean = new StringBuilder(text.Length + 4);
        foreach (var c in text)
        {
            if (c is '\r' or '\n' or ' ') continue;
            if (c == '=') break;
            clean.Append(c switch { '-' => '+', '_' => '/', _ => c });
        }

        while (clean.Length % 4 != 0) clean.Append('=');
        var bytes = new byte[clean.Length];
        return Convert.TryFromBase64String(clean.ToString(), bytes, out var length) && length > 0 ? bytes[..length] : null;
    }

    private static ForwardToken? FromJson(byte[] bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 4 });
            var root = json.RootElement;
            if (Text(root, "secret_key") is not { } secret) return null;
            if (IsWrong(root, "customer_id") || IsWrong(root, "meter_slug") || IsWrong(root, "provider_key")) return null;
            var disable = root.TryGetProperty("disable_billing", out var flag) && flag.ValueKind == JsonValueKind.True;
            return new ForwardToken(
                secret,
                Text(root, "customer_id") ?? Text(root, "connection_id") ?? Text(root, "connection_secret"),
                Text(root, "meter_slug") ?? Text(root, "meter_secret") ?? Text(root, "product_secret"),
                Text(root, "provider_key"),
                disable);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The latter where a string is no Unicode: half of a surrogate pair, broken UTF-8.
            return null;
        }
    }

    private static ForwardToken? FromDotted(byte[] bytes)
    {
        foreach (var b in bytes)
        {
            if (b is < 0x21 or > 0x7e) return null;
        }

        var parts = Encoding.ASCII.GetString(bytes).Split('.', 4);
        return parts.Length >= 3 && parts[0].StartsWith("aks_", StringComparison.Ordinal)
            ? new ForwardToken(parts[0], OrNull(parts[1]), OrNull(parts[2]), parts.Length > 3 ? OrNull(parts[3]) : null, false)
            : null;
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static bool IsWrong(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null);
}
