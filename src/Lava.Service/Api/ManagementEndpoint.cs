using System.Text.Json;
using Lava.Service.Api.AuditLogs;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Exports;
using Lava.Service.Api.Input;
using Microsoft.AspNetCore.Builder;

namespace Lava.Service.Api;

/// <summary>One endpoint of the management API. Every call passes here, whether it came over HTTP or from a page of our own.</summary>
/// <param name="method">HTTP method.</param>
/// <param name="handle">Answers a request that has been let in.</param>
/// <param name="log">Keeps what was changed.</param>
internal sealed class ManagementEndpoint(string method, Func<ManagementRequest, ValueTask<ApiResult>> handle, AuditLog log)
{
    /// <summary>What is said of it in the API's document; null until then.</summary>
    public Operation? Operation { get; private set; }

    /// <summary>Writes its lists in other forms than JSON; null where it has none.</summary>
    public ListExport? Export { get; private set; }

    /// <summary>The scopes that a caller needs, all of them.</summary>
    public IReadOnlyList<string> Needs { get; private set; } = [];

    /// <summary>Its route.</summary>
    public IEndpointConventionBuilder Route { get; set; } = null!;

    /// <summary>Whether its successes are changes, which the audit log keeps.</summary>
    public bool IsChange => method != "GET" && Operation is not { IsChange: false };

    /// <summary>Says what it does, and puts it into the API's document.</summary>
    public void Describe(Operation operation)
    {
        StandFor(operation);
        if (method == "GET") Export = ListExport.Of(operation);
        Route.Describe(operation);
    }

    /// <summary>Says what it does where the document has it under another name.</summary>
    public void StandFor(Operation operation) => (Operation, Needs) = (operation, operation.Needs(method));

    /// <summary>Answers a request that has been let in. What it changed is in the audit log when this returns.</summary>
    public async ValueTask<ApiResult> AnswerAsync(ManagementRequest request)
    {
        // What nobody has said anything of is for those who may do everything.
        if (request.Caller.Scopes.FirstMissing(Operation is null ? ["*"] : Needs) is { } missing) return ApiError.InsufficientScope(missing);
        if (method != "GET" && Operation is not null && BodyCheck.FindUnknown(request.Body, Operation) is { } unknown) return unknown;
        var result = await handle(request);
        if (result.Error is not null || !IsChange) return result;
        await log.AddAsync(request, Operation is null ? "unknown" : ActionNames.Of(Operation.Id), ObjectOf(request, result), MembersOf(request.Body));
        return result;
    }

    // A new object says its id first. Any other answer may begin with the id of something that was only mentioned in the request.
    private static string? ObjectOf(ManagementRequest request, ApiResult result)
    {
        var id = request.Http.Request.RouteValues.ContainsKey("id") ? request.Id : null;
        return result.Status == 201 ? FirstId(result.Body.Span) ?? id : id ?? FirstId(result.Body.Span);
    }

    private static string? FirstId(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName) return null;
        var isId = reader.ValueTextEquals("id"u8) || reader.GetString()!.EndsWith("_id", StringComparison.Ordinal);
        return isId && reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }

    private static IReadOnlyList<string> MembersOf(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object ? [.. body.EnumerateObject().Select(member => member.Name)] : [];
}
