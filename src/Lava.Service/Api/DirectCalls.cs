using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Lava.Core.Keys;
using Lava.Service.Api.Exports;
using Lava.Service.Api.Idempotency;
using Lava.Service.Credentials;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.AspNetCore.WebUtilities;

namespace Lava.Service.Api;

/// <summary>Calls the management API's endpoints within the process, for our own pages. They check and answer as they do for everybody; only the credential is
/// another: the page has found out whose visit it is.</summary>
internal sealed class DirectCalls(IdempotencyStore idempotency)
{
    private static readonly JsonElement NoBody = JsonElement.Parse("{}"u8);

    private readonly ConcurrentDictionary<(string Method, string Pattern), Target> _targets = new();

    /// <summary>Adds an endpoint.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="pattern">Path below <c>/v1</c>.</param>
    /// <param name="endpoint">The endpoint.</param>
    public void Add(string method, string pattern, ManagementEndpoint endpoint) =>
        _targets[(method, pattern)] = new Target(TemplateParser.Parse(pattern.TrimStart('/')), endpoint);

    /// <summary>Every endpoint.</summary>
    public IEnumerable<(string Method, string Pattern, ManagementEndpoint Endpoint)> Endpoints =>
        _targets.Select(entry => (entry.Key.Method, entry.Key.Pattern, entry.Value.Endpoint));

    /// <summary>Calls an endpoint.</summary>
    /// <param name="page">The page's request: its address is the server's own, and it ends the call when its client is gone.</param>
    /// <param name="tenant">Whose call it is.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="secret">A secret of the caller's, which seals what is kept of an answer.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path below <c>/v1</c>, its parts escaped, with its query.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="once">Makes the call at most once: an equal call with the same text has the first one's answer. Null for any number.</param>
    /// <exception cref="InvalidOperationException">There is no such endpoint.</exception>
    public async ValueTask<ApiResult> CallAsync(
        HttpContext page,
        Tenant tenant,
        Caller caller,
        string secret,
        string method,
        string path,
        JsonElement? body = null,
        string? once = null)
    {
        var end = path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? at : path.Length;
        var values = new RouteValueDictionary();
        var target = Find(method, path[..end], values);
        var http = new DefaultHttpContext { RequestServices = page.RequestServices, RequestAborted = page.RequestAborted };
        http.TraceIdentifier = RequestIds.Of(page);
        http.Connection.RemoteIpAddress = page.Connection.RemoteIpAddress;
        http.Request.Method = method;
        http.Request.Scheme = page.Request.Scheme;
        http.Request.Host = page.Request.Host;
        http.Request.Path = "/v1" + path[..end];
        http.Request.QueryString = new QueryString(path[end..]);
        http.Request.RouteValues = values;
        if (once is not null) http.Request.Headers["Idempotency-Key"] = once;
        var json = body ?? NoBody;
        var bytes = body is null ? default : Encoding.UTF8.GetBytes(json.GetRawText());
        var request = new ManagementRequest(http, tenant, caller, json, bytes, once is null ? page.RequestAborted : CancellationToken.None);
        if (once is null) return await target.AnswerAsync(request);
        var (result, _) = await idempotency.RunAsync(
            tenant, secret, once, http.Request.Path.Value!, bytes, () => target.AnswerAsync(request), page.RequestAborted);
        return result;
    }

    /// <summary>Writes a list of an endpoint as the response to a page.</summary>
    /// <param name="page">The page's request.</param>
    /// <param name="tenant">Whose call it is.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="secret">A secret of the caller's.</param>
    /// <param name="path">Path below <c>/v1</c>, its parts escaped, with its query.</param>
    /// <param name="format">In which form.</param>
    /// <exception cref="InvalidOperationException">There is no such list.</exception>
    public Task ExportAsync(HttpContext page, Tenant tenant, Caller caller, string secret, string path, ExportFormat format)
    {
        var end = path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? at : path.Length;
        var export = Find("GET", path[..end], []).Export ?? throw new InvalidOperationException($"{path[..end]} is no list.");
        var query = new QueryCollection(QueryHelpers.ParseQuery(path[end..]));
        return export.WriteAsync(page, format, query, asked => CallAsync(page, tenant, caller, secret, "GET", path[..end] + asked));
    }

    // A part that is written out counts before a hole, as in routing.
    private ManagementEndpoint Find(string method, string path, RouteValueDictionary values)
    {
        foreach (var ((known, _), target) in _targets.OrderBy(entry => entry.Key.Pattern.Count(c => c == '{')))
        {
            if (known != method || !new TemplateMatcher(target.Template, []).TryMatch(path, values)) continue;
            foreach (var name in values.Keys.ToList()) values[name] = Uri.UnescapeDataString((string)values[name]!);
            return target.Endpoint;
        }

        throw new InvalidOperationException($"The API has no {method} {path}.");
    }

    private sealed record Target(RouteTemplate Template, ManagementEndpoint Endpoint);
}
