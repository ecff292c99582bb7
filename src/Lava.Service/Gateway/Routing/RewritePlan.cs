using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Gateway;
using Lava.Service.Api;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Fallbacks;
using Lava.Service.Gateway.History;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Reservations;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Routing;

/// <summary><c>/v1/rewrite/{format}/{url}</c>: the caller names the provider's address and speaks a format of its own.</summary>
internal sealed class RewritePlan(
    CallIntake intake, ChatTargets targets, FallbackLookup fallbacks, ProviderCatalogue catalogue, HistoryReferences references)
    : ChatPlan(intake, targets, fallbacks)
{
    /// <summary>How the address of a request is read: the first reading whose endpoint the catalogue has, or the last.</summary>
    /// <param name="target">The address.</param>
    /// <param name="catalogue">Knows the endpoints.</param>
    public static RewriteReading? Read(RewriteTarget target, ProviderCatalogue catalogue)
    {
        RewriteReading? last = null;
        foreach (var reading in target.Readings())
        {
            if (reading.Kind == EndpointKind.Metadata || catalogue.TryResolve("POST", reading.Url.Host, reading.Url.AbsolutePath, out _)) return reading;
            last = reading;
        }

        return last;
    }

    /// <inheritdoc/>
    protected override async ValueTask<(ChatRoute? Route, ApiError? Error)> FindRouteAsync(HttpContext http, CallStart start)
    {
        var target = RewriteTarget.Parse(RawTarget.Of(http));
        var (caller, refused) = await Intake.FindCallerAsync(http, target?.Target.Credential, start);
        if (caller is null) return (null, refused);
        if (target is null || Read(target, catalogue) is not { } reading)
            return (
                null,
                ApiError.EndpointNotSupported("Name the client's format and the provider's address: "
                    + "/v1/rewrite/{openai|anthropic|google|bedrock}/{host}/{path}."));
        if (reading.Kind != EndpointKind.Chat) return (null, ApiError.EndpointNotSupported("Only conversations can be rewritten."));
        if (caller.SpendKey is not null && SpendKeyGate.CheckShape(caller.SpendKey.Key, reading.Client) is { } forbidden) return (null, forbidden);
        var (call, error) = await Intake.ReadAsync(http, caller, target.Target.Metadata, start);
        if (call is null) return (null, error);
        var client = ClientOf(call, reading);
        if (client == WireFormat.OpenAiResponses && await references.ReplaceAsync(call, http.RequestAborted) is { } missing) return (null, missing);
        var request = new ChatRequest(client, reading.Model, reading.Streams, http.Request.Query["alt"] == "sse");
        return (new ChatRoute(call, request, reading.Url, null), null);
    }

    /// <summary>The format that the client speaks. Below the address of a provider's Responses nothing tells whether a client of OpenAI's means chats or
    /// responses but its body.</summary>
    private WireFormat ClientOf(IncomingCall call, RewriteReading reading)
    {
        if (reading is not { Client: WireFormat.OpenAiChat, IsBare: true }
            || !catalogue.TryResolve("POST", reading.Url.Host, reading.Url.AbsolutePath, out var match)
            || match.Endpoint.Format != WireFormat.OpenAiResponses)
            return reading.Client;
        return (call.Facts ??= RequestReader.Read(call.Body.Span, call.ContentType, match.Endpoint)) is { IsForResponse: true }
            ? WireFormat.OpenAiResponses
            : reading.Client;
    }
}
