using System.Globalization;
using System.Text.Json;
using Lava.Core.Pricing;
using Lava.Service.Api.Input;

namespace Lava.Service.Pricing.Meters;

/// <summary>Reads a meter's members (rest-api.md §9.1).</summary>
internal static class MeterFields
{
    private const int MaxTiers = 100;

    /// <summary>Bounds that keep every product of units and rates far inside a decimal.</summary>
    private const decimal MaxStart = 1_000_000_000_000m;
    private const decimal MaxRate = 1_000_000m;

    public static IReadOnlyList<Tier>? ReadTiers(RequestFields fields, bool isRequired)
    {
        var value = fields.Raw("tiers");
        if (value.ValueKind == JsonValueKind.Undefined && !isRequired) return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > MaxTiers)
        {
            fields.Fail($"tiers must be a list of 1 to {MaxTiers} tiers.", "tiers");
            return null;
        }

        var tiers = new List<Tier>();
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            var at = index.ToString(CultureInfo.InvariantCulture);
            var start = Read(fields, item, "start", MaxStart, at);
            var rate = Read(fields, item, "rate", MaxRate, at);
            if (start is null || rate is null) continue;
            if (index == 0 && start != 0) fields.Fail("The first tier must start at 0.", "tiers", at, "start");
            if (tiers.Count > 0 && start <= tiers[^1].Start) fields.Fail("Each tier must start after the previous one.", "tiers", at, "start");
            tiers.Add(new Tier(start.Value, rate.Value));
        }

        return tiers;
    }

    /// <summary>Whether calls that are answered from the cache are charged; null where it is not said.</summary>
    public static bool? ReadChargesCached(RequestFields fields)
    {
        var value = fields.Raw("charges_cached").ValueKind;
        if (value is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined))
            fields.Fail("charges_cached must be true or false.", "charges_cached");
        return value switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };
    }

    private static decimal? Read(RequestFields fields, JsonElement item, string name, decimal max, string at)
    {
        if (item.ValueKind == JsonValueKind.Object
            && item.TryGetProperty(name, out var value)
            && RequestFields.TryMoney(value, out var number)
            && number <= max)
            return number;
        fields.Fail($"{name} must be a decimal string from 0 to {max} with at most 10 decimals.", "tiers", at, name);
        return null;
    }
}
