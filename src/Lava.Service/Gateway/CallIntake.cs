using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Gateway;
using Lava.Core.Keys;
using Lava.Service.Billing;
using Lava.Service.Customers;
using Lava.Service.Errors;
using Lava.Service.Keys;
using Lava.Service.Meters;
using Lava.Service.Plans;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Lava.Service.Gateway;

/// <summary>Lets calls in or refuses them, in the order that gives the most useful error (behaviour.md §2.2): credential, target, metadata, body, model, customer, meter, plan,
/// provider key. Nothing is reserved or sent yet.</summary>
internal sealed class CallIntake(
    Authenticator authenticator,
    ProviderCatalogue catalogue,
    CustomerStore customers,
    MeterStore meters,
    PlanStore plans,
    CustomerBilling billing,
    BillingBooks books,
    ProviderKeys providerKeys,
    IOptions<GatewayOptions> options)
{
    /// <summary>Reads a request.</summary>
    public async ValueTask<(ForwardCall? Call, ApiError? Error)> ReadAsync(HttpContext http, string ulid, DateTimeOffset now, long started)
    {
        var request = http.Request;
        var cancelled = http.RequestAborted;
        var target = ForwardTarget.Parse(RawTarget(http));
        var (caller, refused) = await GatewayCaller.FindAsync(request, target, authenticator, cancelled);
        if (caller is null) return (null, refused);
        var (tenant, token) = (caller.Identity.Tenant, caller.Token);
        SetRequestId(http, tenant.Mode, ulid);

        if (target is null) return (null, ApiError.EndpointNotSupported("Name the provider's address as ?u=https://…; only https addresses of providers in the catalogue are served."));
        if (!catalogue.TryResolve(request.Method, target.Url.Host, target.Url.AbsolutePath, out var match))
            return (null, ApiError.EndpointNotSupported($"{request.Method} {target.Url.Host}{target.Url.AbsolutePath} is not in the catalogue."));

        var metadata = RequestMetadata.Merge(target.Metadata, Header(request, RequestMetadata.Header), PerKeyMetadata(request), out var issue);
        if (metadata is null) return (null, ApiError.Validation(new Issue(issue.Key.Length == 0 ? ["metadata"] : ["metadata", issue.Key], issue.Message)));

        var limit = options.Value.MaxBodyBytes;
        ReadOnlyMemory<byte>? body;
        try
        {
            body = await RequestBody.ReadAsync(request.Body, request.ContentLength, limit, cancelled);
        }
        catch (BadHttpRequestException fault)
        {
            return (null, fault.StatusCode == 413 ? ApiError.TooLarge(limit) : ApiError.InvalidJson("The request body could not be read."));
        }

        if (body is null) return (null, ApiError.TooLarge(limit));
        var facts = RequestReader.Read(body.Value.Span, request.ContentType, match.Endpoint);
        if (facts is null) return (null, ApiError.InvalidJson("The request body is not JSON (or form data) that this endpoint takes."));

        var (model, modelError) = FindModel(match, facts);
        if (modelError is not null) return (null, modelError);
        var (payer, payerError) = await FindPayerAsync(tenant, token, cancelled);
        if (payerError is not null) return (null, payerError);

        var managed = await providerKeys.FindAsync(match.Provider, cancelled);
        var isManaged = token?.ProviderKey is null;
        var isSandboxed = providerKeys.IsSandboxed(tenant.Mode, match.Provider, managed);
        var key = token?.ProviderKey ?? managed;
        if (key is null && !isSandboxed) return (null, ApiError.ProviderNotConfigured(match.Provider.Label));

        var asksForUsage = facts.Stream && match.Endpoint is { Format: WireFormat.OpenAiChat, Kind: EndpointKind.Chat } && !facts.AsksForUsage;
        return (new ForwardCall
        {
            Ulid = ulid,
            Tenant = tenant,
            CreatedAt = now,
            Started = started,
            Method = request.Method,
            Url = target.Url,
            Provider = match.Provider,
            Endpoint = match.Endpoint,
            Model = model,
            ModelName = match.Model ?? facts.Model,
            Facts = facts,
            Body = asksForUsage ? UsageRequestPatch.Apply(body.Value) : body.Value,
            WithholdsUsage = asksForUsage,
            ProviderKey = isSandboxed ? null : key,
            IsManaged = isManaged,
            IsSandboxed = isSandboxed,
            CustomerId = payer.Customer?.Id,
            MeterId = payer.Meter?.Id,
            Rate = payer.Meter?.Rate,
            Customer = payer.Customer,
            IsBilled = payer.Customer is not null && token is { DisableBilling: false },
            Metadata = metadata.Count == 0 ? null : metadata,
        }, null);
    }

    /// <summary>Puts the request's id on the answer, whatever the answer will be.</summary>
    public static void SetRequestId(HttpContext http, Mode mode, string ulid) =>
        http.Response.Headers["x-lava-request-id"] = mode == Mode.Test ? "req_test_" + ulid : "req_live_" + ulid;

    private (CatalogueModel? Model, ApiError? Error) FindModel(in EndpointMatch match, RequestFacts facts)
    {
        // An endpoint with a price of its own, or none at all, needs no model.
        if (match.Endpoint.RequestPrice is not null || match.Endpoint.Kind is EndpointKind.Metadata or EndpointKind.CountTokens or EndpointKind.Api) return (null, null);
        if (match.Model is null && (facts.ModelIsInvalid || facts.Model is null)) return (null, ApiError.ModelInvalid());
        var name = match.Model ?? facts.Model!;
        var model = catalogue.FindModel(match.Provider, name);
        return model is null || !Serves(match.Endpoint.Kind, model.Kind) ? (null, ApiError.ModelNotSupported(name, match.Provider.Label)) : (model, null);
    }

    // A model is priced in the unit of its kind; under another kind's endpoint it would be served at a wrong price, or at none.
    private static bool Serves(EndpointKind endpoint, EndpointKind model) => endpoint == model;

    private async ValueTask<((Customer? Customer, Meter? Meter) Payer, ApiError? Error)> FindPayerAsync(Tenant tenant, ForwardToken? token, CancellationToken cancellationToken)
    {
        if (token?.Meter is null)
        {
            return token?.Customer is null
                ? default
                : (default, ApiError.Validation(Issue.At("meter_slug", "A forward token with a customer_id needs a meter_slug.")));
        }

        var meter = await meters.FindCachedAsync(tenant, token.Meter, cancellationToken);
        if (meter is null) return (default, ApiError.NotFound("meter"));
        if (token.Customer is null) return ((null, meter), null);
        var customer = await customers.FindCachedAsync(tenant, token.Customer, cancellationToken);
        if (customer is null) return (default, ApiError.NotFound("customer"));
        await billing.OpenAsync(tenant, customer, cancellationToken);
        if ((await books.ReadCachedAsync(tenant, customer.Id, cancellationToken))?.Subscription is not { CancelledAt: null } subscription) return (default, ApiError.NotFound("customer"));
        var plan = await plans.FindCachedAsync(tenant, subscription.PlanId, cancellationToken);
        if (plan?.Covers(meter.Id) != true) return (default, ApiError.MeterNotOnPlan());

        // A renewal that is not paid: the credits wait for the money.
        if (subscription.PastDue is not null && !token.DisableBilling) return (default, ApiError.InsufficientCredits());
        return ((customer, meter), null);
    }

    private static string RawTarget(HttpContext http)
    {
        // The target as it came: decoded route values would no longer tell an encoded slash from a slash.
        var raw = http.Features.Get<IHttpRequestFeature>()?.RawTarget;
        return string.IsNullOrEmpty(raw) || !raw.StartsWith('/') ? http.Request.Path + http.Request.QueryString : raw;
    }

    private static string? Header(HttpRequest request, string name) => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    private static IEnumerable<KeyValuePair<string, string>> PerKeyMetadata(HttpRequest request)
    {
        foreach (var (name, value) in request.Headers)
        {
            if (HeaderRules.MetadataKey(name) is { } key) yield return KeyValuePair.Create(key, value.ToString());
        }
    }
}
