using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Lava.Service.Api;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Exports;

namespace Lava.Console.Serving;

/// <summary>Calls the management API for a page, as the merchant and in the mode of its visit.</summary>
internal sealed class ConsoleApi(DirectCalls calls)
{
    /// <summary>Reads.</summary>
    public ValueTask<Reply<T>> GetAsync<T>(CurrentVisit visit, string path, JsonTypeInfo<T> type)
        where T : class => SendAsync(visit, "GET", path, null, type);

    /// <summary>Changes something.</summary>
    /// <param name="visit">Whose change it is.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path below <c>/v1</c>, its parts escaped, with its query.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="type">What is answered.</param>
    /// <param name="once">Makes it at most once; null for any number.</param>
    public async ValueTask<Reply<T>> SendAsync<T>(
        CurrentVisit visit,
        string method,
        string path,
        JsonObject? body,
        JsonTypeInfo<T> type,
        string? once = null)
        where T : class
    {
        JsonElement? json = body is null ? null : JsonElement.Parse(body.ToJsonString());
        var result = await calls.CallAsync(visit.Http, visit.Tenant, visit.SignedIn!.Caller, visit.SignedIn.Id, method, path, json, once);
        return result.Error is { } error ? new Reply<T>(null, error) : new Reply<T>(JsonSerializer.Deserialize(result.Body.Span, type), null);
    }

    /// <summary>Writes a document that is no JSON as the response.</summary>
    /// <param name="visit">Whose it is.</param>
    /// <param name="path">Path below <c>/v1</c>, its parts escaped.</param>
    /// <returns>The refusal; null where the document is written.</returns>
    public async Task<ApiError?> WriteDocumentAsync(CurrentVisit visit, string path)
    {
        var result = await calls.CallAsync(visit.Http, visit.Tenant, visit.SignedIn!.Caller, visit.SignedIn.Id, "GET", path);
        if (result.Error is { } error) return error;
        PageWriter.Guard(visit.Http);
        await result.WriteAsync(visit.Http);
        return null;
    }

    /// <summary>Writes a list as a file to be saved.</summary>
    /// <param name="visit">Whose it is.</param>
    /// <param name="path">Path below <c>/v1</c>, its parts escaped, with its query.</param>
    /// <param name="format">In which form.</param>
    /// <param name="name">Name of the file.</param>
    public Task ExportAsync(CurrentVisit visit, string path, ExportFormat format, string name)
    {
        PageWriter.Guard(visit.Http);
        visit.Http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        return calls.ExportAsync(visit.Http, visit.Tenant, visit.SignedIn!.Caller, visit.SignedIn.Id, path, format);
    }
}
