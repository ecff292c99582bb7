using System.Globalization;
using System.Text.Json;
using Lava.Service.Api.Input;

namespace Lava.Service.Accounts.ProviderKeys;

/// <summary>Reads the keys that a merchant stores. What is wrong with one is told by its place, never by its value.</summary>
internal static class StoredKeyFields
{
    /// <summary>Most keys at a provider.</summary>
    public const int MaxKeys = 10;

    /// <summary>Most characters of a key: ten of them are within the 25 KB of a secret (Microsoft Learn, "About Azure Key Vault secrets").</summary>
    public const int MaxLength = 2_048;

    /// <summary>The keys of a body, in order.</summary>
    public static IReadOnlyList<string> Read(RequestFields fields)
    {
        var value = fields.Raw("keys");
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            fields.Fail("keys is required.", "keys");
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > MaxKeys)
        {
            fields.Fail($"keys must be a list of 1 to {MaxKeys} keys.", "keys");
            return [];
        }

        var keys = new List<string>();
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            var at = index.ToString(CultureInfo.InvariantCulture);
            if (item.ValueKind != JsonValueKind.String || item.GetString() is not { Length: > 0 and <= MaxLength } key || !key.All(IsVisible))
                fields.Fail($"A key must be a string of 1 to {MaxLength} visible ASCII characters.", "keys", at);
            else if (keys.Contains(key)) fields.Fail("This key appears twice in the list.", "keys", at);
            else keys.Add(key);
        }

        return keys;
    }

    // A key goes into a header, which carries nothing else for certain.
    private static bool IsVisible(char character) => character is > ' ' and <= '~';
}
