using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Gateway;
using Lava.Core.Keys;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Api.Errors;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Clocks;
using Lava.Service.Credentials;
using Lava.Service.Customers;
using Lava.Service.Gateway.Caching;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Keys;
using Lava.Service.Gateway.Reservations;
using Lava.Service.Gateway.Upstream;
using Lava.Service.Pricing.Meters;
using Lava.Service.Pricing.Plans;
using Lava.Service.Storage;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Intake;

/// <summary>Lets calls in or refuses them, in the order that gives the most useful error (behaviour.md §2.2): credential, target, metadata, body, model,
/// customer, meter, plan, provider key. Nothing is reserved or sent yet.</summary>
internal sealed class CallIntake(
    Authenticator authenticator,
    SpendKeyStore spendKeys,
    Suspensions suspensions,
    ProviderCatalogue catalogue,
    CustomerStore customers,
    MeterStore meters,
    PlanStore plans,
    CustomerBilling billing,
    BillingBooks books,
    CallKeys keys,
    ClockTime clocks,
    SpendKeyGate spendKeyGate,
    BodyReader bodies,
    StoreGate gate,
    GatewayTelemetry telemetry)
{
    /// <summary>Finds who calls.</summary>
    /// <param name="http">The request.</param>
    /// <param name="parameter">The value of its <c>key</c> parameter, where its address may have one; null otherwise.</param>
    /// <param name="start">When it came in.</param>
    public async ValueTask<(GatewayCaller? Caller, ApiError? Error)> FindCallerAsync(HttpContext http, string? parameter, CallStart start)
    {
        var (caller, refused) = http.Features.Get<VouchedCaller>() is { } vouched
            ? (vouched.Caller, null)
            : await GatewayCaller.FindAsync(http.Request, parameter, authenticator, spendKeys, start.At, http.RequestAborted);
        if (caller is null) return (null, refused);
        SetRequestId(http, caller.Tenant.Mode, start.UlidOf(caller.Tenant));
        return await suspensions.FindAsync(caller.Tenant.MerchantId, http.RequestAborted) is null ? (caller, null) : (null, ApiError.MerchantSuspended());
    }

    /// <summary>Reads metadata, what is asked of the cache, and the body.</summary>
    public async ValueTask<(IncomingCall? Call, ApiError? Error)> ReadAsync(HttpContext http, GatewayCaller caller, string? metadataParameter, CallStart start)
    {
        if (!gate.IsOpen) return (null, ApiError.Unavailable());
        var request = http.Request;
        var metadata = RequestMetadata.Merge(metadataParameter, Header(request, RequestMetadata.Header), PerKeyMetadata(request), out var issue);
        if (metadata is null) return (null, ApiError.Validation(new Issue(issue.Key.Length == 0 ? ["metadata"] : ["metadata", issue.Key], issue.Message)));

        if (!CacheHeader.TryRead(http, out var cacheTime)) return (null, CacheHeader.Malformed());

        // What can be known without the body is known before it is read: a key that has no call left sends it for nothing.
        var hold = caller.SpendKey is null ? null : new SpendKeyHold(caller.SpendKey);
        if (hold is not null)
        {
            http.Response.RegisterForDispose(hold);
            if (await spendKeyGate.AdmitAsync(hold, start.At, asksForMoney: cacheTime is null, http.RequestAborted) is { } over)
                return (null, telemetry.Refused(over));
        }

        var (body, refused) = await bodies.ReadAsync(http, caller.Tenant.MerchantId);
        if (refused is not null) return (null, refused);
        return (new IncomingCall
        {
            Ulid = start.UlidOf(caller.Tenant),
            CreatedAt = start.At,
            Started = start.Timestamp,
            Method = request.Method,
            Caller = caller,
            SpendKey = hold,
            Metadata = metadata,
            Body = body,
            ContentType = request.ContentType,
            CacheTime = cacheTime,
        }, null);
    }

    /// <summary>Prepares a call for one provider.</summary>
    public async ValueTask<(ForwardCall? Call, ApiError? Error)> PrepareAsync(IncomingCall incoming, CallTarget target, CancellationToken cancellationToken)
    {
        var (match, token) = (target.Match, incoming.Token);
        var facts = target.Facts
            ?? RequestReader.Read(target.Body.Span, target.Translation is null ? incoming.ContentType : "application/json", match.Endpoint);
        if (facts is null) return (null, ApiError.InvalidJson("The request body is not valid JSON or form data for this endpoint."));

        if (facts.Fault is { } fault) return (null, ApiError.Validation(Issue.At(fault.Member, fault.Message)));
        if (target.Translation is null && QueryRules.FindUnknown(match.Endpoint, target.Url.Query) is { } parameter)
            return (null, ApiError.Validation(Issue.At(parameter, $"The query parameter {parameter} is not allowed for {match.Provider.Label}.")));

        if (match.Endpoint.Kind.IsOfAccount() && incoming.Caller.SpendKey is not null) return (null, ApiError.SecretKeyRequired());
        var (model, modelError) = FindModel(match, facts);
        if (modelError is not null) return (null, modelError);
        facts = Located(facts, match.Endpoint, model);
        if (incoming.Caller.SpendKey?.Key is { } spendKey
            && SpendKeyGate.CheckTarget(spendKey, match, target.Entry is not null, model, NameOf(match, facts)) is { } forbidden)
            return (null, forbidden);
        if (!incoming.HasPayer)
        {
            var (payer, payerError) = await FindPayerAsync(incoming.Tenant, token, cancellationToken);
            if (payerError is not null) return (null, payerError);
            DateTimeOffset? clockTime = payer.Customer?.TestClockId is { } clock ? await clocks.NowAsync(incoming.Tenant, clock, cancellationToken) : null;
            incoming.BillTo(payer.Customer, payer.Meter, clockTime);
        }

        // A key of the caller's own is for the provider that the caller has named.
        var key = await keys.FindAsync(
            incoming.Tenant,
            match.Provider,
            new KeyTarget(target.Url.Host, model, NameOf(match, facts)),
            target.Entry > 0 ? null : token?.ProviderKey,
            cancellationToken);
        if (key.Source == KeySource.Managed && match.Endpoint.Kind.IsOfAccount())
            return (null, ApiError.ProviderKeyRequired(match.Provider.Id, match.Provider.Label));
        if (key is { Value: null, IsSandboxed: false, NeedsNone: false }) return (null, ApiError.ProviderNotConfigured(match.Provider.Label));

        // What the operator's key pays must have a price; the sandbox in its place is as strict.
        if (key.Source == KeySource.Managed && UnpricedOf(facts, model, match.Endpoint) is { } unpriced)
            return (null, ApiError.Unpriced(unpriced.Member, $"{unpriced.Message} It is allowed with a provider key of your own."));

        if (key is { Source: KeySource.Managed, IsSandboxed: false }
            && match.Endpoint.Kind == EndpointKind.Metadata
            && match.Model is { } shown
            && catalogue.FindModel(match.Provider, shown) is null)
            return (null, ApiError.ModelNotSupported(shown, match.Provider.Label));

        var asksForUsage = target.Translation is null
            && facts.Stream
            && match.Endpoint is { Format: WireFormat.OpenAiChat, Kind: EndpointKind.Chat or EndpointKind.Completion }
            && !facts.AsksForUsage;
        return (new ForwardCall
        {
            Incoming = incoming,
            Url = target.Url,
            Provider = match.Provider,
            Endpoint = match.Endpoint,
            Model = model,
            ModelName = NameOf(match, facts),
            Facts = facts,
            Body = asksForUsage ? UsageRequestPatch.Apply(target.Body) : target.Body,
            WithholdsUsage = asksForUsage,
            Translation = target.Translation,
            Entry = target.Entry,
            ProviderKey = key.Value,
            KeyRing = key.Ring,
            KeySource = key.Source,
            IsSandboxed = key.IsSandboxed,
        }, null);
    }

    /// <summary>Puts the request's id on the answer, whatever the answer will be.</summary>
    public static void SetRequestId(HttpContext http, Mode mode, string ulid) =>
        http.Response.Headers["x-lava-request-id"] = mode == Mode.Test ? "req_test_" + ulid : "req_live_" + ulid;

    private (CatalogueModel? Model, ApiError? Error) FindModel(in EndpointMatch match, RequestFacts facts)
    {
        // An endpoint with a price of its own, or none at all, needs no model.
        if (match.Endpoint.RequestPrice is not null || !match.Endpoint.Kind.HasModel())
            return (null, null);
        if (facts.ModelIsInvalid && match.Model is null) return (null, ApiError.ModelInvalid());
        if (NameOf(match, facts) is not { } name) return (null, ApiError.ModelInvalid());
        var model = catalogue.FindModel(match.Provider, name);
        if (model is null || !Serves(match.Endpoint.Kind, model.Kind)) return (null, ApiError.ModelNotSupported(name, match.Provider.Label));
        return match.Endpoint.Has(model)
            ? (model, null)
            : (null, ApiError.EndpointNotSupported($"{match.Endpoint.Path} is served for models named {match.Endpoint.OnlyModels}… only."));
    }

    /// <summary>A request at an address that says where it is computed asks for that, if the model's price depends on it.</summary>
    private static RequestFacts Located(RequestFacts facts, ProviderEndpoint endpoint, CatalogueModel? model) =>
        endpoint.Geo is { } geo && model?.Price.When.Any(rule => rule.Geo == geo) == true ? facts with { Terms = facts.Terms with { Geo = geo } } : facts;

    private static RequestFault? UnpricedOf(RequestFacts facts, CatalogueModel? model, ProviderEndpoint endpoint) =>
        facts.Unpriced ?? facts.Terms.FindUnpriced(model?.Price, endpoint.Format) ?? (model?.Price.Image is null ? null : facts.DearImage);

    /// <summary>The model that a call asks for; null where it names none and the provider has none of its own for that.</summary>
    private static string? NameOf(in EndpointMatch match, RequestFacts facts) =>
        match.Model ?? facts.Model ?? (facts.ModelIsInvalid ? null : match.Endpoint.DefaultModel);

    // A model is priced in the unit of its kind; under another kind's endpoint it would be served at a wrong price, or at none. Conversations and
    // continued texts have the same unit.
    private static bool Serves(EndpointKind endpoint, EndpointKind model) =>
        endpoint == model || (endpoint == EndpointKind.Completion && model == EndpointKind.Chat);

    private async ValueTask<((Customer? Customer, Meter? Meter) Payer, ApiError? Error)> FindPayerAsync(
        Tenant tenant,
        ForwardToken? token,
        CancellationToken cancellationToken)
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
        if ((await books.ReadCachedAsync(tenant, customer.Id, cancellationToken))?.Subscription is not { CancelledAt: null } subscription)
            return (default, ApiError.NotFound("customer"));
        var plan = await plans.FindCachedAsync(tenant, subscription.PlanId, cancellationToken);
        if (plan?.Covers(meter.Id) != true) return (default, ApiError.MeterNotOnPlan());

        // A renewal that is not paid: the credits wait for the money.
        if (subscription.PastDue is not null && !token.DisableBilling) return (default, ApiError.InsufficientCredits());
        return ((customer, meter), null);
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
