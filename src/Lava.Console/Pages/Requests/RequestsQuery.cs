using System.Text.Json;
using Lava.Console.Serving;

namespace Lava.Console.Pages.Requests;

/// <summary>What the filters of the requests' page ask the API for.</summary>
internal static class RequestsQuery
{
    private static readonly string[] First = ["status", "model", "customer_id"];

    private static readonly string[] More =
    [
        "provider", "error_code", "min_cost", "max_cost", "min_latency_ms", "meter_id", "spend_key_id", "request_id",
    ];

    /// <summary>The API's path.</summary>
    public static string Of(CurrentVisit visit, params IEnumerable<(string Name, string? Value)> further)
    {
        var to = visit.Query("to");
        return QueryText.Of("/requests", First.Concat(More).Select(name => (name, (string?)visit.Query(name)))
            .Append(("start", visit.Query("from")))
            .Append(("end", to.Length > 0 ? to + "T23:59:59.9999999Z" : null))
            .Append(("metadata_filters", Pairs(visit)))
            .Concat(further));
    }

    /// <summary>Whether one of the filters is set that are hidden at first.</summary>
    public static bool HasMore(CurrentVisit visit) => Pairs(visit) is not null || More.Any(name => visit.Query(name).Length > 0);

    /// <summary>Whether any filter is set.</summary>
    public static bool IsFiltered(CurrentVisit visit) => HasMore(visit) || First.Concat(["from", "to"]).Any(name => visit.Query(name).Length > 0);

    private static string? Pairs(CurrentVisit visit) =>
        visit.Query("key") is { Length: > 0 } key ? JsonSerializer.Serialize<string[][]>([[key, visit.Query("value")]]) : null;
}
