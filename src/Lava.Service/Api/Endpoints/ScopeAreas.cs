using System.Collections.Frozen;

namespace Lava.Service.Api.Endpoints;

/// <summary>To which area of scopes an endpoint belongs, by its tag in the API's document.</summary>
internal static class ScopeAreas
{
    private static readonly FrozenDictionary<string, string> Areas = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Account"] = "account",
        ["Alerts"] = "webhooks",
        ["Catalogue"] = "catalogue",
        ["Checkout"] = "customers",
        ["Customers"] = "customers",
        ["Invoices"] = "customers",
        ["Keys"] = "keys",
        ["Ledger"] = "ledger",
        ["Meters"] = "pricing",
        ["Plans"] = "pricing",
        ["Requests"] = "requests",
        ["Subscriptions"] = "customers",
        ["Testing"] = "testing",
        ["Wallet"] = "wallet",
        ["Webhooks"] = "webhooks",
    }.ToFrozenDictionary();

    /// <summary>The area of a tag.</summary>
    /// <exception cref="InvalidOperationException">The tag has none yet.</exception>
    public static string Of(string tag) =>
        Areas.GetValueOrDefault(tag) ?? throw new InvalidOperationException($"Endpoints tagged {tag} need an area for scopes.");
}
