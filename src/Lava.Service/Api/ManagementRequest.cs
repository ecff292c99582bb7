using System.Text.Json;
using Lava.Core.Keys;
using Lava.Service.Api.Input;
using Lava.Service.Credentials;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api;

/// <summary>A management request that has been let in.</summary>
/// <param name="Http">The request.</param>
/// <param name="Tenant">The merchant and the mode that asks.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="Body">Its JSON object; an empty object where there was no body.</param>
/// <param name="BodyBytes">The body as it came.</param>
/// <param name="Cancelled">Ends when nobody waits for the answer any more.</param>
public sealed record ManagementRequest(
    HttpContext Http,
    Tenant Tenant,
    Caller Caller,
    JsonElement Body,
    ReadOnlyMemory<byte> BodyBytes,
    CancellationToken Cancelled)
{
    /// <summary>The id in the route, decoded once.</summary>
    public string Id => RouteText.DecodedOf(Http, "id");

    /// <summary>The query.</summary>
    public IQueryCollection Query => Http.Request.Query;

    /// <summary>This request with another query.</summary>
    public ManagementRequest Asking(QueryString query)
    {
        Http.Request.QueryString = query;
        return this;
    }

    /// <summary>Reads the body's members.</summary>
    public RequestFields Fields() => new(Body);
}
