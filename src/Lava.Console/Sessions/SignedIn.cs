using Lava.Service.Accounts.Merchants;
using Lava.Service.Credentials;

namespace Lava.Console.Sessions;

/// <summary>Somebody who is signed in.</summary>
/// <param name="Merchant">As whom.</param>
/// <param name="Session">The session.</param>
/// <param name="Scopes">What they may do.</param>
/// <param name="Id">The session's id, a secret.</param>
internal sealed record SignedIn(Merchant Merchant, StoredSession Session, Scopes Scopes, string Id)
{
    /// <summary>Who calls the management API from the session's pages.</summary>
    public Caller Caller => new(Session.KeyId is null ? CallerKind.Link : CallerKind.SecretKey, Session.KeyId, Scopes, IsConsole: true);

    /// <summary>Its merchant alone, so that no log has the id.</summary>
    public override string ToString() => Merchant.Id;
}
