using Lava.Service.Credentials;

namespace Lava.Console.Serving;

/// <summary>A part of the console, an entry of its menu.</summary>
/// <param name="Path">The first part of its pages' path; empty for the overview.</param>
/// <param name="Name">Its name.</param>
/// <param name="Icon">Its icon.</param>
/// <param name="Area">The area of scopes that it shows; null where everybody may see it.</param>
internal sealed record Section(string Path, string Name, string Icon, string? Area)
{
    /// <summary>Every section, as the menu has them.</summary>
    public static readonly IReadOnlyList<Section> All =
    [
        new("", "Overview", "chart", "requests"),
        new("requests", "Requests", "list", "requests"),
        new("customers", "Customers", "people", "customers"),
        new("keys", "Keys", "key", "keys"),
        new("wallet", "Wallet", "wallet", "wallet"),
        new("pricing", "Pricing", "tag", "pricing"),
        new("webhooks", "Webhooks", "hook", "webhooks"),
        new("playground", "Playground", "chat", Scopes.Gateway),
        new("catalogue", "Catalogue", "grid", "catalogue"),
        new("clocks", "Test clocks", "clock", "testing"),
        new("settings", "Settings", "gear", "account"),
        new("developers", "Developers", "code", null),
        new("audit-log", "Audit log", "history", "account"),
    ];

    /// <summary>The section of a page.</summary>
    /// <exception cref="InvalidOperationException">There is none of that path.</exception>
    public static Section Of(string path) => All.First(section => section.Path == path);

    /// <summary>The scope that its pages need; null for none.</summary>
    public string? Reads => Area is null or Scopes.Gateway ? Area : Scopes.Read(Area);

    /// <summary>The scope that its forms need; null for none.</summary>
    public string? Writes => Area is null or Scopes.Gateway ? Area : Scopes.Write(Area);
}
