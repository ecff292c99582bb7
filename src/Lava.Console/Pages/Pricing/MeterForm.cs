using System.Globalization;
using System.Text.Json.Nodes;
using Lava.Console.Serving;

namespace Lava.Console.Pages.Pricing;

/// <summary>A meter's form: its tiers are rows, and empty rows are none.</summary>
internal static class MeterForm
{
    /// <summary>Rows that are shown beyond those in use.</summary>
    public const int SpareRows = 3;

    private const int MaxRows = 100;

    /// <summary>Kinds of rates, as they are chosen.</summary>
    public static readonly (string, string)[] Kinds = [("fixed", "Fixed rate"), ("percentage", "Percentage of cost")];

    /// <summary>Units, as they are chosen.</summary>
    public static readonly (string, string)[] Units =
        [("tokens_1m", "1M tokens"), ("characters_1m", "1M characters"), ("minutes", "minutes"), ("requests", "requests")];

    /// <summary>Tiers as they were typed, without empty rows.</summary>
    public static List<(string Start, string Rate)> Rows(FormState form)
    {
        var rows = new List<(string, string)>();
        for (var i = 0; i < MaxRows; i++)
        {
            var number = i.ToString(CultureInfo.InvariantCulture);
            var (start, rate) = (form["start_" + number], form["rate_" + number]);

            // The first tier starts at 0, whether or not that is typed.
            if (rate.Length > 0 || (start.Length > 0 && i > 0)) rows.Add((start.Length == 0 && i == 0 ? "0" : start, rate));
        }

        return rows;
    }

    /// <summary>The rows of an editor: those in use, and some to fill in.</summary>
    public static List<(string Start, string Rate)> WithSpare(IEnumerable<(string Start, string Rate)> rows) =>
        [.. rows, .. Enumerable.Repeat(("", ""), SpareRows)];

    /// <summary>The tiers of the API's body.</summary>
    public static JsonArray Tiers(FormState form) =>
        [.. Rows(form).Select(row => new JsonObject { ["start"] = row.Start, ["rate"] = row.Rate })];

    /// <summary>What a meter counts.</summary>
    public static string UnitOf(string tierType) => tierType switch
    {
        "tokens_1m" => "tokens", "characters_1m" => "characters", "minutes" => "minutes", _ => "requests",
    };

    /// <summary>What a rate is for.</summary>
    public static string PerOf(string tierType) => tierType switch
    {
        "tokens_1m" => "per 1M tokens", "characters_1m" => "per 1M characters", "minutes" => "per minute", _ => "per request",
    };
}
