using Lava.Core.Keys;

namespace Lava.Service.Credentials;

/// <summary>Whose secret key it is.</summary>
/// <param name="Tenant">The merchant and the mode.</param>
/// <param name="KeyId">The key (<c>ak_…</c>).</param>
/// <param name="Scopes">What it may do.</param>
public sealed record SecretKeyIdentity(Tenant Tenant, string KeyId, Scopes Scopes);
