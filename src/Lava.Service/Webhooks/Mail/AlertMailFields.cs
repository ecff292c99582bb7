using System.Globalization;
using System.Text.Json;
using Lava.Service.Api.Input;
using MimeKit;

namespace Lava.Service.Webhooks.Mail;

/// <summary>Reads the list of a body.</summary>
internal static class AlertMailFields
{
    /// <summary>Most characters of an address (RFC 5321, 4.5.3.1.3, without the angle brackets).</summary>
    private const int MaxLength = 254;

    /// <summary>The list; what is wrong with it is in <paramref name="fields"/>.</summary>
    public static AlertMail Read(RequestFields fields)
    {
        var addresses = Texts(
            fields, "addresses", AlertMail.MaxAddresses, text => IsAddress(text) ? null : "This must be an e-mail address, such as ops@example.com.");
        if (fields.Raw("addresses").ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) fields.Fail("addresses is required.", "addresses");
        var known = AlertTexts.Events;
        var events = Texts(fields, "events", known.Count, name => known.Contains(name) ? null : $"An event must be one of: {string.Join(", ", known)}.");
        return new AlertMail(addresses ?? [], events ?? AlertTexts.Defaults);
    }

    private static List<string>? Texts(RequestFields fields, string name, int max, Func<string, string?> fault)
    {
        var value = fields.Raw(name);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is var length && (length == 0 || length > max))
        {
            fields.Fail($"{name} must be a list of 1 to {max} strings.", name);
            return [];
        }

        var texts = new List<string>();
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            var at = index.ToString(CultureInfo.InvariantCulture);
            if (item.ValueKind != JsonValueKind.String) fields.Fail("This must be a string.", name, at);
            else if (fault(item.GetString()!) is { } wrong) fields.Fail(wrong, name, at);
            else if (texts.Contains(item.GetString()!, StringComparer.OrdinalIgnoreCase)) fields.Fail("This appears twice in the list.", name, at);
            else texts.Add(item.GetString()!);
        }

        return texts;
    }

    // The bare address alone, in ASCII: with it goes no name and no second address, and every mail server takes it.
    private static bool IsAddress(string text) =>
        text.Length <= MaxLength
        && text.All(character => character is > ' ' and <= '~')
        && MailboxAddress.TryParse(text, out var parsed)
        && parsed.Address == text
        && parsed.LocalPart.Length is > 0 and <= 64
        && Uri.CheckHostName(parsed.Domain) == UriHostNameType.Dns;
}
