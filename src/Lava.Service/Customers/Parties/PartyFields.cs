using System.Text.Json;
using Lava.Service.Api.Input;

namespace Lava.Service.Customers.Parties;

/// <summary>Reads parties and their addresses.</summary>
internal static class PartyFields
{
    private const int MaxName = 200;
    private const int MaxLine = 200;
    private const int MaxTaxId = 50;

    private static readonly string[] AddressMembers = ["line1", "line2", "city", "state", "postal_code", "country"];

    /// <summary>A party; null where the member is null or absent, or has nothing in it.</summary>
    /// <param name="fields">Where what is wrong is told.</param>
    /// <param name="member">The member.</param>
    public static BillingParty? Read(RequestFields fields, string member)
    {
        if (!IsObject(fields, fields.Raw(member), member)) return null;
        var value = fields.Raw(member);
        var party = new BillingParty(
            Text(fields, value, "name", MaxName, member),
            Address(fields, Member(value, "address"), member, "address"),
            Text(fields, value, "tax_id", MaxTaxId, member));
        return party == new BillingParty() ? null : party;
    }

    /// <summary>An address; null where the member is null or absent, or has nothing in it.</summary>
    /// <param name="fields">Where what is wrong is told.</param>
    /// <param name="value">The address.</param>
    /// <param name="path">The path to it.</param>
    public static PostalAddress? Address(RequestFields fields, JsonElement value, params string[] path)
    {
        if (!IsObject(fields, value, path)) return null;
        var texts = AddressMembers.Select(name => Text(fields, value, name, MaxLine, path)).ToArray();
        var country = texts[5];
        if (country is not null && (country.Length != 2 || !country.All(char.IsAsciiLetterUpper)))
            fields.Fail("country must be two capital letters of ISO 3166-1, such as DE.", [.. path, "country"]);
        var address = new PostalAddress(texts[0], texts[1], texts[2], texts[3], texts[4], country);
        return address == new PostalAddress() ? null : address;
    }

    private static bool IsObject(RequestFields fields, JsonElement value, params string[] path)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return false;
        if (value.ValueKind != JsonValueKind.Object)
        {
            fields.Fail($"{path[^1]} must be an object or null.", path);
            return false;
        }

        return true;
    }

    private static JsonElement Member(JsonElement value, string name) => value.TryGetProperty(name, out var found) ? found : default;

    private static string? Text(RequestFields fields, JsonElement value, string name, int max, params string[] path)
    {
        var member = Member(value, name);
        if (member.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        var text = member.ValueKind == JsonValueKind.String ? member.GetString()!.Trim() : null;
        if (text is not null && text.Length <= max && !text.Any(char.IsControl)) return text.Length == 0 ? null : text;
        fields.Fail($"{name} must be a string of at most {max} characters without control characters, or null.", [.. path, name]);
        return null;
    }
}
