using Lava.Core.Catalogue;
using Lava.Core.SpendKeys;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Api.Errors;
using Lava.Service.Ledger.Leases;

namespace Lava.Service.Gateway.Reservations;

/// <summary>What a spend key may do (behaviour.md §4): the refusals that its settings decide alone, and the reservations against its limits.</summary>
internal sealed class SpendKeyGate(Budgets budgets, TimeProvider time)
{
    /// <summary>The shape of OpenAI's clients.</summary>
    private const string OpenAi = "openai";

    /// <summary>The shape of Anthropic's clients.</summary>
    private const string Anthropic = "anthropic";

    /// <summary>How soon a lease that another instance does not use comes back, seconds: what is leased elsewhere may be had then.</summary>
    private const int GiveBackSeconds = 15;

    /// <summary>The least that a budget counts, US dollars.</summary>
    private const decimal LeastMoney = 0.000000000001m;

    /// <summary>Whether a key opens the gateway at all: 401 once it has expired, 403 while it is paused.</summary>
    public static ApiError? CheckKey(SpendKey key, DateTimeOffset now) =>
        key.IsExpired(now) ? ApiError.SpendKeyInvalid() : key.IsPaused ? ApiError.SpendKeyPaused() : null;

    /// <summary>Whether a key speaks a client's format: 403 <c>request_shape_not_allowed</c> where it is locked to another. Formats that are no conversation of
    /// some vendor's have no shape, so every key has them.</summary>
    /// <param name="key">The key.</param>
    /// <param name="client">The format of the request: that of the address for model-routed and rewritten calls, the provider's own for forwarded ones
    /// (behaviour.md §1.1).</param>
    public static ApiError? CheckShape(SpendKey key, WireFormat client)
    {
        var own = key.ShapeWord();
        return ShapeOf(client) is { } shape && shape != own ? ApiError.RequestShapeNotAllowed(own, shape) : null;
    }

    /// <summary>Whether a key may use a provider and a model there: 403 <c>provider_not_allowed</c> or <c>model_not_allowed</c>. Also tells which fallbacks are
    /// to be skipped.</summary>
    /// <param name="key">The key.</param>
    /// <param name="provider">The provider's id.</param>
    /// <param name="model">The model's id in the catalogue; null where the call names none, which a key that is limited to models may not do.</param>
    /// <param name="written">The model's name as the caller wrote it, which may be an alias.</param>
    public static ApiError? CheckOffer(SpendKey key, string provider, string? model, string? written)
    {
        if (key.AllowedProviders?.Contains(provider) == false) return ApiError.ProviderNotAllowed(provider);
        if (key.AllowedModels is null || (model is not null && key.Allows(provider, model)) || (written is not null && key.Allows(provider, written)))
            return null;
        return ApiError.ModelNotAllowed(written ?? model);
    }

    /// <summary>Whether a key may make a call at one provider. Reads that cost nothing have no shape and name no model.</summary>
    /// <param name="key">The key.</param>
    /// <param name="match">The endpoint that the call goes to.</param>
    /// <param name="isRouted">Whether Lava has chosen or translated the way: then the shape is its client's and has been checked.</param>
    /// <param name="model">The model as the catalogue knows it; null where none prices the call.</param>
    /// <param name="written">The model's name as the caller wrote it; null without one.</param>
    public static ApiError? CheckTarget(SpendKey key, in EndpointMatch match, bool isRouted, CatalogueModel? model, string? written)
    {
        var (provider, endpoint) = (match.Provider.Id, match.Endpoint);
        if (endpoint.Kind == EndpointKind.Metadata) return key.AllowedProviders?.Contains(provider) == false ? ApiError.ProviderNotAllowed(provider) : null;
        return (isRouted ? null : CheckShape(key, endpoint.Format)) ?? CheckOffer(key, provider, model?.Id, written);
    }

    /// <summary>Takes a call's token and its count before its body is read, and asks whether its limit of money is used up.</summary>
    /// <param name="hold">The call's hold.</param>
    /// <param name="at">When the call came in: the period in which it counts.</param>
    /// <param name="asksForMoney">Whether the call is sure to cost something; a kept answer costs nothing.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask<ApiError?> AdmitAsync(SpendKeyHold hold, DateTimeOffset at, bool asksForMoney, CancellationToken cancellationToken)
    {
        if (await CountAsync(hold, at, cancellationToken) is { } over) return over;
        if (!asksForMoney || hold.Limits!.Spend is not { } spend) return null;
        if (await budgets.TryReserveAsync(spend, LeastMoney, cancellationToken) is not { } money) return ApiError.SpendLimitExceeded();
        money.Release();
        return null;
    }

    /// <summary>Reserves an attempt of a call against each limit of its key. The call's count and its token are reserved with the first attempt, for all of
    /// them.</summary>
    /// <param name="hold">The call's hold.</param>
    /// <param name="cost">The most that the attempt can cost, US dollars.</param>
    /// <param name="at">When the call came in: the period in which it counts.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask<ApiError?> ReserveAsync(SpendKeyHold hold, decimal cost, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (await CountAsync(hold, at, cancellationToken) is { } over) return over;
        if (hold.Limits!.Spend is not { } spend) return null;
        if (await budgets.TryReserveAsync(spend, cost, cancellationToken) is not { } money) return ApiError.SpendLimitExceeded();
        hold.HoldMoney(money);
        return null;
    }

    private async ValueTask<ApiError?> CountAsync(SpendKeyHold hold, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var limits = hold.Limits ??= hold.Identity.BudgetsAt(at);
        if (!hold.HasRate && limits.Rate is not null)
        {
            if (await budgets.TryReserveAsync(limits.Rate, 1, cancellationToken) is not { } token) return ApiError.RateLimited(RateSeconds(limits.Rate));
            hold.HoldRate(token);
        }

        if (!hold.HasCount && limits.Requests is not null)
        {
            if (await budgets.TryReserveAsync(limits.Requests, 1, cancellationToken) is not { } count)
                return ApiError.RequestLimitExceeded(RequestSeconds(limits.Requests));
            hold.HoldCount(count);
        }

        return null;
    }

    /// <summary>The shape of a wire format; null where it has none.</summary>
    private static string? ShapeOf(WireFormat format) => format switch
    {
        WireFormat.OpenAiChat or WireFormat.OpenAiResponses or WireFormat.OpenAiMedia => OpenAi,
        WireFormat.Anthropic => Anthropic,
        WireFormat.Gemini => "google",
        WireFormat.BedrockConverse => "bedrock",
        _ => null,
    };

    private int RateSeconds(RateBudget budget) => budgets.Known(budget.Book) is { } head ? budget.SecondsToNext(head, time.GetUtcNow()) : 1;

    /// <summary>Seconds to the next period, or to the return of what other instances have leased; a day where neither comes.</summary>
    private int RequestSeconds(LimitBudget budget)
    {
        var now = time.GetUtcNow();
        var head = budgets.Known(budget.Book);
        if (head?.Leases.Any(lease => budget.Counts(lease.Key) && !budgets.IsOwnLease(lease.Key)) == true) return GiveBackSeconds;
        return LimitPeriod.EndOf(budget.Cycle, budget.Start) is { } end ? (int)Math.Clamp(Math.Ceiling((end - now).TotalSeconds), 1, int.MaxValue) : 86_400;
    }
}
