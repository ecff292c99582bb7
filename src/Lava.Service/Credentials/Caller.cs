namespace Lava.Service.Credentials;

/// <summary>Who calls the management API.</summary>
/// <param name="Kind">As what.</param>
/// <param name="Id">The secret key (<c>ak_…</c>), the member (<c>mbr_…</c>) or the customer (<c>con_…</c>); null for the others.</param>
/// <param name="Scopes">What they may do.</param>
/// <param name="IsConsole">Whether a page of the console calls for them.</param>
public sealed record Caller(CallerKind Kind, string? Id, Scopes Scopes, bool IsConsole = false)
{
    /// <summary>The kind as it stands on the wire.</summary>
    public string Word => Kind switch
    {
        CallerKind.SecretKey => "secret_key",
        CallerKind.Link => "link",
        CallerKind.Member => "member",
        CallerKind.Customer => "customer",
        _ => "operator",
    };
}
