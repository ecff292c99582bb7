namespace Lava.Service.Credentials;

/// <summary>A credential as the store knows it, under the hash of its raw value.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="IsLive">Live mode; otherwise test mode.</param>
/// <param name="KeyId">The key.</param>
/// <param name="RevokedAt">When it was revoked; null while it is active.</param>
internal sealed record StoredCredential(string MerchantId, bool IsLive, string KeyId, DateTimeOffset? RevokedAt)
{
    /// <summary>Its scopes by name; null for everything.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }
}
