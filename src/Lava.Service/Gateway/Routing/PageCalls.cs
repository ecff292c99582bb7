using Lava.Core.Catalogue;
using Lava.Core.Gateway;
using Lava.Core.Keys;
using Lava.Service.Api.Errors;
using Lava.Service.Credentials;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Fallbacks;
using Lava.Service.Gateway.History;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Lava.Service.Gateway.Routing;

/// <summary>Calls models for pages of our own, as <c>POST /v1/chat/completions</c> does: with the same budgets, charges and errors. Only the credential is
/// another: the page has found out whose visit it is.</summary>
internal sealed class PageCalls(
    CallRunner runner,
    CallIntake intake,
    ChatTargets targets,
    FallbackLookup fallbacks,
    ModelRoutes modelRoutes,
    ProviderCatalogue catalogue,
    HistoryReferences references)
{
    private static readonly ModelShape Chat = new(WireFormat.OpenAiChat, EndpointKind.Chat);

    /// <summary>Answers the page's request with a model's answer.</summary>
    /// <param name="page">The page's request. Of its headers none reaches a provider.</param>
    /// <param name="tenant">Whose call it is.</param>
    /// <param name="caller">Who makes it.</param>
    /// <param name="customer">Id or reference of the customer who pays; null for the merchant.</param>
    /// <param name="meter">Slug or id of the meter; null for none.</param>
    /// <param name="metadata">JSON of the call's metadata.</param>
    /// <param name="body">A chat completion's request.</param>
    public async Task ChatAsync(
        HttpContext page,
        Tenant tenant,
        Caller caller,
        string? customer,
        string? meter,
        string metadata,
        ReadOnlyMemory<byte> body)
    {
        if (!caller.Scopes.Allow(Scopes.Gateway))
        {
            await ErrorWriter.WriteAsync(page, ApiError.InsufficientScope(Scopes.Gateway));
            return;
        }

        var token = customer is null && meter is null ? null : new ForwardToken("", customer, meter, null, false);
        page.Features.Set(new VouchedCaller(new GatewayCaller(tenant, token, null)));
        var request = page.Features.GetRequiredFeature<IHttpRequestFeature>();
        var (headers, sent, path) = (request.Headers, request.Body, request.Path);
        using var bytes = new MemoryStream(body.ToArray(), writable: false);
        try
        {
            request.Headers = new HeaderDictionary
            {
                [HeaderNames.Host] = headers.Host,
                [HeaderNames.ContentType] = "application/json",
                ContentLength = body.Length,
                [RequestMetadata.Header] = metadata,
            };
            request.Body = bytes;
            request.Path = "/v1/chat/completions";
            await runner.RunAsync(page, new ModelPlan(intake, targets, fallbacks, modelRoutes, catalogue, references, Chat));
        }
        finally
        {
            (request.Headers, request.Body, request.Path) = (headers, sent, path);
            page.Features.Set<VouchedCaller>(null);
        }
    }
}
