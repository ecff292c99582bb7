using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Gateway;
using Lava.Service.Api;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Reservations;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Routing;

/// <summary><c>/v1/rewrite/{format}/{url}</c>: the caller names the provider's address and speaks a format of its own.</summary>
internal sealed class RewritePlanner(CallIntake intake, ChatTargets targets, FallbackLookup fallbacks, ProviderCatalogue catalogue)
{
    /// <summary>How the address of a request is read: the first reading whose endpoint the catalogue has, or the last.</summary>
    public RewriteReading? Read(RewriteTarget target)
    {
        RewriteReading? last = null;
        foreach (var reading in target.Readings())
        {
            if (reading.Kind == EndpointKind.Metadata || catalogue.TryResolve("POST", reading.Url.Host, reading.Url.AbsolutePath, out _)) return reading;
            last = reading;
        }

        return last;
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

    /// <summary>Lets a call in.</summary>
    public async ValueTask<(CallPlan? Plan, ApiError? Error)> PlanAsync(HttpContext http, CallStart start)
    {
        var target = RewriteTarget.Parse(RawTarget.Of(http));
        var (caller, refused) = await intake.FindCallerAsync(http, target?.Target, start);
        if (caller is null) return (null, refused);
        if (target is null || Read(target) is not { } reading)
            return (
                null,
                ApiError.EndpointNotSupported("Name the client's format and the provider's address: "
                    + "/v1/rewrite/{openai|anthropic|google|bedrock}/{host}/{path}."));
        if (reading.Kind != EndpointKind.Chat) return (null, ApiError.EndpointNotSupported("Only conversations can be rewritten."));
        if (caller.SpendKey is not null && SpendKeyGate.CheckShape(caller.SpendKey.Key, reading.Client) is { } forbidden) return (null, forbidden);
        var (call, error) = await intake.ReadAsync(http, caller, target.Target.Metadata, start);
        if (call is null) return (null, error);
        var (chain, invalid) = await fallbacks.FindAsync(http.Request, call.Tenant, http.RequestAborted);
        if (invalid is not null) return (null, invalid);
        var wish = new ChatRequest(ClientOf(call, reading), reading.Model, reading.Streams, http.Request.Query["alt"] == "sse");
        return (new ChatPlan(intake, targets, call, wish, reading.Url, null, chain), null);
    }
}
