using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Lava.Console.Serving;
using Lava.Service.Api;
using Lava.Service.Credentials;

namespace Lava.Console.Portal;

/// <summary>Calls the management API for a page of the portal, as the customer of its visit. Pages name no customer and no subscription but the visit's
/// own.</summary>
internal sealed class PortalApi(DirectCalls calls)
{
    /// <summary>What a visit may do at most; the wallet's area has the endpoint with which cards are added.</summary>
    private static readonly Scopes Allowed =
        Scopes.Of([Scopes.Write("customers"), Scopes.Write("wallet"), Scopes.Read("pricing"), Scopes.Read("requests")]);

    /// <summary>Reads.</summary>
    public ValueTask<Reply<T>> GetAsync<T>(PortalVisit visit, string path, JsonTypeInfo<T> type)
        where T : class => SendAsync(visit, "GET", path, null, type);

    /// <summary>Writes a document that is no JSON as the response.</summary>
    /// <param name="visit">Whose visit it is.</param>
    /// <param name="path">Path below <c>/v1</c>, its parts escaped.</param>
    public async Task WriteDocumentAsync(PortalVisit visit, string path)
    {
        var caller = new Caller(CallerKind.Customer, visit.Session!.CustomerId, Allowed);
        await (await calls.CallAsync(visit.Http, visit.Tenant, caller, visit.Id, "GET", path)).WriteAsync(visit.Http);
    }

    /// <summary>Changes something.</summary>
    /// <param name="visit">Whose change it is.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path below <c>/v1</c>, its parts escaped, with its query.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="type">What is answered.</param>
    /// <param name="once">Makes it at most once; null for any number.</param>
    public async ValueTask<Reply<T>> SendAsync<T>(PortalVisit visit, string method, string path, JsonObject? body, JsonTypeInfo<T> type, string? once = null)
        where T : class
    {
        JsonElement? json = body is null ? null : JsonElement.Parse(body.ToJsonString());
        var caller = new Caller(CallerKind.Customer, visit.Session!.CustomerId, Allowed);
        var result = await calls.CallAsync(visit.Http, visit.Tenant, caller, visit.Id, method, path, json, once);
        return result.Error is { } error ? new Reply<T>(null, error) : new Reply<T>(JsonSerializer.Deserialize(result.Body.Span, type), null);
    }
}
