namespace Lava.Service.Credentials;

/// <summary>What a credential may do. A scope is <c>gateway</c> (calls to models), or an area of the management API with <c>:read</c> or <c>:write</c>, where
/// writing includes reading: <c>customers:write</c>.</summary>
public sealed class Scopes
{
    /// <summary>Calls to models.</summary>
    public const string Gateway = "gateway";

    /// <summary>The areas of the management API.</summary>
    public static readonly IReadOnlyList<string> Areas =
        ["account", "catalogue", "customers", "keys", "ledger", "pricing", "requests", "testing", "wallet", "webhooks"];

    /// <summary>Every scope.</summary>
    public static readonly IReadOnlyList<string> Words = [Gateway, .. Areas.SelectMany(area => new[] { Read(area), Write(area) })];

    /// <summary>Everything, also what is added later.</summary>
    public static readonly Scopes All = new(null);

    private Scopes(IReadOnlyList<string>? names) => Names = names;

    /// <summary>The scopes by name; null for everything.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>The scopes of these names; everything for null.</summary>
    public static Scopes Of(IReadOnlyList<string>? names) => names is null ? All : new Scopes(names);

    /// <summary>The scope that lets its bearer read an area.</summary>
    public static string Read(string area) => area + ":read";

    /// <summary>The scope that lets its bearer read and change an area.</summary>
    public static string Write(string area) => area + ":write";

    /// <summary>Whether they let their bearer do what needs a scope.</summary>
    public bool Allow(string scope) =>
        Names is null || Names.Contains(scope) || (scope.EndsWith(":read", StringComparison.Ordinal) && Names.Contains(Write(scope[..^5])));

    /// <summary>The first of some scopes that these do not include; null where they include all.</summary>
    public string? FirstMissing(IEnumerable<string> scopes) => scopes.FirstOrDefault(scope => !Allow(scope));
}
