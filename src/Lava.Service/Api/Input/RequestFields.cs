using System.Globalization;
using System.Text.Json;
using Lava.Core.Money;
using Lava.Service.Api.Errors;

namespace Lava.Service.Api.Input;

/// <summary>Reads the members of a JSON body one by one and gathers what is wrong with them. <see cref="BodyCheck"/> refuses those that nobody reads.</summary>
public sealed class RequestFields(JsonElement body)
{
    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>First year of a time that is taken: room is left on both sides for zones and lengths.</summary>
    public const int MinYear = 1970;

    /// <summary>Last year of a time that is taken.</summary>
    public const int MaxYear = 2200;

    private const int MaxAddress = 2048;

    private readonly List<Issue> _issues = [];

    /// <summary>The refusal, if any member was wrong.</summary>
    public ApiError? Error => _issues.Count == 0 ? null : ApiError.Validation(_issues);

    /// <summary>Whether the member is there, null or not.</summary>
    public bool Has(string name) => body.TryGetProperty(name, out _);

    /// <summary>Whether the member is there and null.</summary>
    public bool IsNull(string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>Adds an issue.</summary>
    public void Fail(string message, params IReadOnlyList<string> path) => _issues.Add(new Issue(path, message));

    /// <summary>The raw member; undefined where it is absent.</summary>
    public JsonElement Raw(string name) => body.TryGetProperty(name, out var value) ? value : default;

    /// <summary>A string of 1 to <paramref name="max"/> characters; null where it is absent or null.</summary>
    public string? Text(string name, int max = 255, bool isRequired = false)
    {
        var value = Raw(name);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            if (isRequired) Fail($"{name} is required.", name);
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Fail($"{name} must be a string.", name);
            return null;
        }

        var text = value.GetString()!;
        if (text.Length == 0 || text.Length > max || text.Any(char.IsControl)) Fail($"{name} must have 1 to {max} characters and no control characters.", name);
        return text;
    }

    /// <summary>An absolute http or https address, to which a browser may be sent; null where it is absent.</summary>
    public Uri? Address(string name, bool isRequired = false)
    {
        if (Text(name, MaxAddress, isRequired) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http") return address;
        Fail($"{name} must be an absolute http or https address.", name);
        return null;
    }

    /// <summary>One of a few words; null where it is absent.</summary>
    public string? Word(string name, IReadOnlyList<string> words, bool isRequired = false)
    {
        var text = Text(name, isRequired: isRequired);
        if (text is not null && !words.Contains(text)) Fail($"{name} must be one of: {string.Join(", ", words)}.", name);
        return text;
    }

    /// <summary>An amount as a decimal string, or leniently as a number; null where it is absent.</summary>
    public decimal? Money(string name, decimal max, bool isRequired = false)
    {
        var value = Raw(name);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            if (isRequired) Fail($"{name} is required.", name);
            return null;
        }

        if (!TryMoney(value, out var amount) || amount > max)
        {
            Fail($"{name} must be a decimal string from 0 to {max} with at most {Amount.MaxDecimals} decimals.", name);
            return null;
        }

        return amount;
    }

    /// <summary>A finite number of at least 0; null where it is absent.</summary>
    public decimal? Count(string name, decimal max, bool isWhole)
    {
        var value = Raw(name);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.Number
            && value.TryGetDecimal(out var number)
            && number >= 0
            && number <= max
            && (!isWhole || number == decimal.Truncate(number)))
            return number;
        Fail($"{name} must be a {(isWhole ? "whole " : "")}number from 0 to {max}.", name);
        return null;
    }

    /// <summary>An ISO 8601 time with its zone, or null.</summary>
    /// <param name="name">The member.</param>
    /// <param name="isRequired">Whether it has to be there.</param>
    /// <param name="isOfAnyYear">Whether it may be as far away as times go: for bounds that nothing is reckoned from.</param>
    public DateTimeOffset? Time(string name, bool isRequired = false, bool isOfAnyYear = false)
    {
        if (Text(name, 40, isRequired) is not { } text) return null;
        if (DateTimeOffset.TryParseExact(
            text,
            TimeFormats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time)
            && (isOfAnyYear || time.Year is >= MinYear and <= MaxYear))
            return time;
        Fail($"{name} must be an ISO 8601 time with a zone, such as 2026-01-31T00:00:00Z, from {MinYear} to {MaxYear}.", name);
        return null;
    }

    /// <summary>Whether an element is an amount: a string of digits with up to ten decimals, or a JSON number of that value in any notation (<c>1e-7</c> is
    /// what JavaScript writes).</summary>
    public static bool TryMoney(JsonElement value, out decimal amount)
    {
        amount = 0;
        return value.ValueKind switch
        {
            JsonValueKind.String => Amount.TryParse(value.GetString(), out amount),
            JsonValueKind.Number => value.TryGetDecimal(out amount) && amount >= 0 && amount == Math.Round(amount, Amount.MaxDecimals),
            _ => false,
        };
    }
}
