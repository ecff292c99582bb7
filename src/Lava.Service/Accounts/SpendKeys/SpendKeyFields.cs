using System.Globalization;
using System.Text.Json;
using Lava.Core.SpendKeys;
using Lava.Service.Api.Input;

namespace Lava.Service.Accounts.SpendKeys;

/// <summary>Reads the members of spend keys: absent keeps, null removes a limit (rest-api.md §14).</summary>
internal static class SpendKeyFields
{
    private const int MaxCount = 9_999_999;
    private const int MaxList = 500;

    /// <summary>Most characters of a list's names in all, so that a key with two full lists stays within a row, however its names are escaped.</summary>
    private const int MaxListText = 20_000;
    private static readonly string[] StatusWords = ["active", "paused"];
    private static readonly string[] ShapeWords = ["openai", "anthropic", "google"];
    private static readonly string[] CycleWords = ["daily", "weekly", "monthly", "total"];

    public static SpendKey Apply(RequestFields fields, SpendKey key, DateTimeOffset now, bool isNew = false) => WithShape(fields, key) with
    {
        Name = fields.Text("name", isRequired: isNew) ?? key.Name,
        IsPaused = fields.Word("status", StatusWords) is { } status ? status == "paused" : key.IsPaused,
        AllowedModels = fields.Has("allowed_models") ? List(fields, "allowed_models") : key.AllowedModels,
        AllowedProviders = fields.Has("allowed_providers") ? List(fields, "allowed_providers") : key.AllowedProviders,
        SpendLimit = fields.Has("spend_limit") ? ReadSpend(fields) : key.SpendLimit,
        RequestLimit = fields.Has("request_limit") ? ReadRequests(fields) : key.RequestLimit,
        RateLimit = fields.Has("rate_limit") ? ReadRate(fields) : key.RateLimit,
        ExpiresAt = fields.Has("expires_at") ? ReadEnd(fields, now) : key.ExpiresAt,
    };

    public static string Word(LimitCycle cycle) => CycleWords[(int)cycle];

    private static SpendKey WithShape(RequestFields fields, SpendKey key) =>
        fields.Word("request_shape", ShapeWords) is { } shape ? key with { IsAnthropic = shape == "anthropic", IsGoogle = shape == "google" } : key;

    private static DateTimeOffset? ReadEnd(RequestFields fields, DateTimeOffset now)
    {
        var end = fields.Time("expires_at");
        if (end <= now) fields.Fail("expires_at must be in the future.", "expires_at");
        return end;
    }

    private static List<string>? List(RequestFields fields, string name)
    {
        var value = fields.Raw(name);
        if (value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > MaxList)
        {
            fields.Fail($"{name} must be null or a list of 1 to {MaxList} names.", name);
            return null;
        }

        var names = new List<string>();
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 and <= 255 } text) names.Add(text);
            else fields.Fail("A name must be a string of 1 to 255 characters.", name, index.ToString(CultureInfo.InvariantCulture));
        }

        if (names.Sum(text => text.Length) > MaxListText) fields.Fail($"{name} must have at most {MaxListText} characters in total.", name);
        return names;
    }

    private static SpendLimit? ReadSpend(RequestFields fields)
    {
        if (Part(fields, "spend_limit") is not { } part) return null;
        var isAmount = part.TryGetProperty("amount", out var value) && RequestFields.TryMoney(value, out _);
        RequestFields.TryMoney(value, out var amount);
        if (!isAmount || amount <= 0 || amount > 1_000_000)
            fields.Fail("amount must be more than 0 and at most 1000000, as a decimal string.", "spend_limit", "amount");
        return new SpendLimit(amount, Cycle(fields, part, "spend_limit"));
    }

    private static RequestLimit? ReadRequests(RequestFields fields) =>
        Part(fields, "request_limit") is { } part
            ? new RequestLimit(Number(fields, part, "request_limit", "count") ?? 1, Cycle(fields, part, "request_limit"))
            : null;

    private static RateLimit? ReadRate(RequestFields fields)
    {
        if (Part(fields, "rate_limit") is not { } part) return null;
        var rpm = Number(fields, part, "rate_limit", "rpm") ?? 1;
        var hasBurst = part.TryGetProperty("burst", out var burst) && burst.ValueKind != JsonValueKind.Null;
        return new RateLimit(rpm, hasBurst ? Number(fields, part, "rate_limit", "burst") : null);
    }

    private static JsonElement? Part(RequestFields fields, string name)
    {
        var value = fields.Raw(name);
        if (value.ValueKind == JsonValueKind.Object) return value;
        if (value.ValueKind != JsonValueKind.Null) fields.Fail($"{name} must be an object or null.", name);
        return null;
    }

    private static LimitCycle Cycle(RequestFields fields, JsonElement part, string name)
    {
        var at = part.TryGetProperty("cycle", out var value) && value.ValueKind == JsonValueKind.String ? Array.IndexOf(CycleWords, value.GetString()) : -1;
        if (at < 0) fields.Fail($"cycle must be one of: {string.Join(", ", CycleWords)}.", name, "cycle");
        return (LimitCycle)Math.Max(0, at);
    }

    private static int? Number(RequestFields fields, JsonElement part, string name, string member)
    {
        if (part.TryGetProperty(member, out var value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number)
            && number is >= 1 and <= MaxCount)
            return number;
        fields.Fail($"{member} must be a whole number from 1 to {MaxCount}.", name, member);
        return null;
    }
}
