using Lava.Core.Keys;

namespace Lava.Service.SpendKeys;

/// <summary>Whose spend key it is, and the key.</summary>
/// <param name="Tenant">The merchant and the mode.</param>
/// <param name="Key">The key as it is set.</param>
public sealed record SpendKeyIdentity(Tenant Tenant, SpendKey Key);
