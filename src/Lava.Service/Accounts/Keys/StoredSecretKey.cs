namespace Lava.Service.Accounts.Keys;

/// <summary>An active secret key as its merchant sees it.</summary>
/// <param name="Id">The key (<c>ak_…</c>).</param>
/// <param name="Name">Its name.</param>
/// <param name="Hint">The raw value's last four characters.</param>
/// <param name="Hash">SHA-256 of the raw value, hex.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record StoredSecretKey(string Id, string Name, string Hint, string Hash, DateTimeOffset CreatedAt)
{
    /// <summary>Its scopes by name; null for everything.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }
}
