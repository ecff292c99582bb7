namespace Lava.Service.Accounts.Login;

/// <summary>What a code, by its hash, stands for.</summary>
/// <param name="MerchantId">The merchant that has authorised the login.</param>
/// <param name="IsLive">Whether for live mode.</param>
/// <param name="ExpiresAt">From then on it is worth nothing.</param>
internal sealed record LoginCode(string MerchantId, bool IsLive, DateTimeOffset ExpiresAt)
{
    /// <summary>Scopes of whoever let the bearer in, by name; null for everything.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }
}
