using Lava.Service.Credentials;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api.Endpoints;

/// <summary>What the API's document says of an endpoint.</summary>
/// <param name="Id">Its name, unique.</param>
/// <param name="Tag">The resource to which it belongs.</param>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="Body">Shape of the request's body; null for none.</param>
/// <param name="Response">Shape of the response; null for a provider's and for what is no JSON.</param>
/// <param name="Status">Status of the response.</param>
/// <param name="Query">Query parameters; a required one ends in an exclamation mark.</param>
/// <param name="IsPublic">Whether it needs no credential.</param>
internal sealed record Operation(string Id, string Tag, string Summary, Type? Body, Type? Response, int Status, string[] Query, bool IsPublic)
{
    /// <summary>The tag of calls to providers. They are documented once for each method, and take no <c>Idempotency-Key</c>.</summary>
    public const string GatewayTag = "Gateway";

    /// <summary>The tag of what is the operator's alone.</summary>
    public const string OperatorTag = "Admin";

    /// <summary>Whether a success changes what the merchant manages, so that the audit log keeps it. Reads never do; reports of usage are data.</summary>
    public bool IsChange { get; init; } = true;

    /// <summary>Whether it only reads, though its method is none of reading.</summary>
    public bool IsRead { get; init; }

    /// <summary>A scope that it needs besides that of its area; null for none.</summary>
    public string? AlsoNeeds { get; init; }

    /// <summary>The scopes that its caller needs, all of them.</summary>
    /// <param name="method">HTTP method.</param>
    public IReadOnlyList<string> Needs(string method)
    {
        if (IsPublic || Tag == OperatorTag) return [];
        if (Tag == GatewayTag) return [Scopes.Gateway];
        var area = ScopeAreas.Of(Tag);
        var scope = IsRead || HttpMethods.IsGet(method) ? Scopes.Read(area) : Scopes.Write(area);
        return AlsoNeeds is null ? [scope] : [scope, AlsoNeeds];
    }

    /// <summary>The object that it changes, as the API sends it, where that is not the response: its members pass in the body, unread, so that an object which
    /// was read can be changed and sent back.</summary>
    public Type? Object { get; init; }

    /// <summary>Whether the endpoint itself refuses unknown members of its body, because a bad item of a list does not refuse the others.</summary>
    public bool ChecksBody { get; init; }

    /// <summary>Creates an object and responds 201.</summary>
    public static Operation Created(string id, string tag, string summary, Type body, Type response) => new(id, tag, summary, body, response, 201, [], false);

    /// <summary>Takes a body and responds 200.</summary>
    public static Operation Change(string id, string tag, string summary, Type body, Type response) => new(id, tag, summary, body, response, 200, [], false);

    /// <summary>Takes no body and responds 200.</summary>
    public static Operation Read(string id, string tag, string summary, Type response) => new(id, tag, summary, null, response, 200, [], false);

    /// <summary>Reads a document that is no JSON.</summary>
    public static Operation Document(string id, string tag, string summary) => new(id, tag, summary, null, null, 200, [], false);

    /// <summary>Lists objects, by page and by the given filters.</summary>
    public static Operation List(string id, string tag, string summary, Type response, params string[] filters) =>
        new(id, tag, summary, null, response, 200, [.. filters, "cursor", "limit"], false);

    /// <summary>Reads what everybody may see.</summary>
    public static Operation Open(string id, string tag, string summary, Type response, params string[] query) =>
        new(id, tag, summary, null, response, 200, query, true);

    /// <summary>Calls a provider, in the provider's own format.</summary>
    public static Operation Gateway(string id, string summary, params string[] query) => new(id, GatewayTag, summary, null, null, 200, query, false);
}
