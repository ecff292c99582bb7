using System.Text.Json.Serialization;

namespace Lava.Service.Catalogue.Views;

/// <summary>A provider in short (rest-api.md §15.2).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="ApiReference">Where its API is documented; null where the catalogue does not say.</param>
/// <param name="ServiceType"><c>model</c> or <c>api</c>.</param>
/// <param name="Managed">Whether this server can hold a key for it.</param>
/// <param name="EntryCount">How many services the catalogue has of it.</param>
internal sealed record ProviderSummary(
    string Id,
    string Label,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ApiReference,
    string ServiceType,
    bool Managed,
    int EntryCount);
