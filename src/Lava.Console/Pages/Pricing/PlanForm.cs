using System.Globalization;
using System.Text.Json.Nodes;
using Lava.Console.Serving;

namespace Lava.Console.Pages.Pricing;

/// <summary>A plan's form: its bundles are rows, and empty rows are none.</summary>
internal static class PlanForm
{
    /// <summary>Rows that are shown beyond those in use.</summary>
    public const int SpareRows = 3;

    private const int MaxRows = 60;

    /// <summary>How often a plan is paid, as it is chosen.</summary>
    public static readonly (string, string)[] Intervals = [("month", "month"), ("year", "year"), ("week", "week"), ("day", "day")];

    /// <summary>What becomes of credit that is left, as it is chosen.</summary>
    public static readonly (string, string)[] Rollovers = [("none", "expires with the cycle"), ("full", "is carried over")];

    /// <summary>Bundles as they were typed, without empty rows.</summary>
    public static List<BundleRow> Rows(FormState form)
    {
        var rows = new List<BundleRow>();
        for (var i = 0; i < MaxRows; i++)
        {
            var row = new BundleRow(At("bundle_id"), At("bundle_name"), At("bundle_cost"), At("bundle_credits"), At("bundle_remove") == "yes");
            if (row != BundleRow.Empty) rows.Add(row);

            string At(string field) => form[string.Create(CultureInfo.InvariantCulture, $"{field}_{i}")];
        }

        return rows;
    }

    /// <summary>The members of the API's body that creating and changing a plan share.</summary>
    /// <param name="form">The form.</param>
    /// <param name="linked">Ids of the meters that the plan has; they are named only where others were chosen.</param>
    /// <param name="meters">Ids of the merchant's meters.</param>
    public static JsonObject Body(FormState form, IReadOnlyCollection<string> linked, IEnumerable<string> meters)
    {
        var bundles = new JsonArray();
        foreach (var row in Rows(form))
        {
            if (row.IsRemoved)
            {
                if (row.Id.Length > 0) bundles.Add(new JsonObject { ["credit_bundle_id"] = row.Id, ["is_deleted"] = true });
                continue;
            }

            var bundle = new JsonObject { ["name"] = row.Name, ["cost"] = row.Cost, ["credit_amount"] = row.Credits };
            if (row.Id.Length > 0) bundle["credit_bundle_id"] = row.Id;
            bundles.Add(bundle);
        }

        var body = new JsonObject
        {
            ["name"] = form["name"],
            ["rollover_type"] = form["rollover_type"],
            ["bundle_rollover_type"] = form["bundle_rollover_type"],
            ["credit_bundles"] = bundles,
        };
        if (form["included_credit"].Length > 0) body["included_credit"] = form["included_credit"];
        var chosen = meters.Where(id => form["meter_" + id] == "yes").ToList();
        if (!chosen.ToHashSet(StringComparer.Ordinal).SetEquals(linked)) body["meter_ids"] = new JsonArray([.. chosen.Select(id => (JsonNode)id)]);
        return body;
    }
}
