using System.Globalization;
using System.Text.Json;
using Lava.Core.Keys;
using Lava.Service.Api.Input;
using Lava.Service.Pricing.Meters;

namespace Lava.Service.Pricing.Plans;

/// <summary>Reads the members of plans.</summary>
internal static class PlanFields
{
    /// <summary>Most that a period costs or includes (behaviour.md §6.1).</summary>
    public const decimal MaxAmount = 10_000;

    /// <summary>Least that a card can be charged, US dollars (Stripe, "Minimum and maximum charge amounts").</summary>
    public const decimal MinCharge = 0.5m;

    private const int MaxMeters = 100;
    private static readonly string[] RolloverWords = ["full", "none"];

    /// <summary>The plan with the members that are there.</summary>
    public static Plan Apply(RequestFields fields, Plan plan, bool isNew = false) => plan with
    {
        Name = fields.Text("name", isRequired: isNew) ?? plan.Name,
        IncludedCredit = fields.Money("included_credit", MaxAmount) ?? plan.IncludedCredit,
        RollsOver = fields.Word("rollover_type", RolloverWords) is { } rollover ? rollover == "full" : plan.RollsOver,
        BundlesRollOver = fields.Word("bundle_rollover_type", RolloverWords) is { } bundles ? bundles == "full" : plan.BundlesRollOver,
    };

    /// <summary>The linked meters; null where they are not named.</summary>
    public static async ValueTask<IReadOnlyList<string>?> ReadMetersAsync(
        RequestFields fields,
        MeterStore meters,
        Tenant tenant,
        CancellationToken cancellationToken)
    {
        var value = fields.Raw("meter_ids");
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MaxMeters)
        {
            fields.Fail($"meter_ids must be a list of at most {MaxMeters} meter ids.", "meter_ids");
            return null;
        }

        var ids = new List<string>();
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            var meter = item.ValueKind == JsonValueKind.String ? await meters.FindAsync(tenant, item.GetString()!, cancellationToken) : null;
            if (meter is null) fields.Fail("There is no such meter.", "meter_ids", index.ToString(CultureInfo.InvariantCulture));
            else if (!ids.Contains(meter.Value.Meter.Id)) ids.Add(meter.Value.Meter.Id);
        }

        return ids;
    }
}
