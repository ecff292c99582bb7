using Lava.Core.Keys;
using Lava.Service.Credentials;

namespace Lava.Service.Accounts.Login;

/// <summary>Whom a code lets in.</summary>
/// <param name="Tenant">As whom.</param>
/// <param name="Scopes">To do what.</param>
internal sealed record LoginGrant(Tenant Tenant, Scopes Scopes);
