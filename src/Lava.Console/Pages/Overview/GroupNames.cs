using System.Text.Json.Serialization.Metadata;
using Lava.Console.Serving;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Customers;
using Lava.Service.Pricing.Meters;
using Lava.Service.Reporting.UsageReports;

namespace Lava.Console.Pages.Overview;

/// <summary>Names the groups of usage as a merchant knows them, where a group is an id.</summary>
internal sealed class GroupNames(ConsoleApi api, CurrentVisit visit)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>Reads the names of these groups: a point read for each.</summary>
    public async Task ReadAsync(IEnumerable<UsageGroupName> groups)
    {
        foreach (var group in groups)
        {
            if (group.Value is not { } id) continue;
            var name = group.By switch
            {
                "customer" => await NameAsync("/customers/" + id, CustomersJson.Default.CustomerResponse, customer => customer.ReferenceId),
                "meter" => await NameAsync("/meters/" + id, MetersJson.Default.MeterResponse, meter => meter.Name),
                "spend_key" => await NameAsync("/spend_keys/" + id, SpendKeysWire.Default.SpendKeyResponse, key => key.Name),
                _ => null,
            };
            if (name is not null) _names[id] = name;
        }
    }

    /// <summary>A group's name.</summary>
    public string Of(UsageGroupName group) => group switch
    {
        { IsRest: true } => "All others",
        { Value: { } id } => _names.GetValueOrDefault(id, id),
        { By: "model" } => "No model",
        { By: "meter" } => "No meter",
        { By: "spend_key" } => "Secret keys",
        _ => "None",
    };

    /// <summary>Where a group's calls are listed; null for the rest, which no filter finds.</summary>
    public string? LinkOf(UsageGroupName group)
    {
        if (group.IsRest || group.Value is not { } value) return null;
        var text = Uri.EscapeDataString(value);
        return group.By switch
        {
            "customer" => visit.Link("/customers/" + text),
            "spend_key" => visit.Link("/keys/" + text),
            "meter" => visit.Link("/requests?meter_id=" + text),
            "model" => visit.Link("/requests?model=" + text),
            "provider" => visit.Link("/requests?provider=" + text),
            _ => visit.Link($"/requests?key={group.By[Split.Metadata.Length..]}&value={text}"),
        };
    }

    // What was deleted keeps its id.
    private async Task<string?> NameAsync<T>(string path, JsonTypeInfo<T> type, Func<T, string?> nameOf)
        where T : class => (await api.GetAsync(visit, path, type)).Value is { } found ? nameOf(found) : null;
}
