using System.Text.Json;

namespace Lava.Service.OpenApi;

// The shapes of request bodies for the document alone: bodies are read member by member, so that all that is wrong with one is told at once.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record NameBody(string Name);

internal sealed record CreateCustomerBody(
    string? ReferenceId = null,
    string? Name = null,
    string? Email = null,
    string? Phone = null,
    JsonElement? Metadata = null,
    string? TestClockId = null);

internal sealed record UpdateCustomerBody(
    string? ReferenceId = null,
    string? Name = null,
    string? Email = null,
    string? Phone = null,
    JsonElement? Metadata = null);

internal sealed record AdjustmentBody(string Amount, string Description);

internal sealed record RefundBody(string PaymentId, string? Amount = null);

internal sealed record TierBody(string Start, string Rate);

internal sealed record CreateMeterBody(
    string Name,
    string RateType,
    string TierType,
    IReadOnlyList<TierBody> Tiers,
    string? MeterSlug = null,
    bool ChargesCached = true);

internal sealed record UpdateMeterBody(string? Name = null, IReadOnlyList<TierBody>? Tiers = null, bool? ChargesCached = null);

internal sealed record ProposedMeterBody(string RateType, string TierType, IReadOnlyList<TierBody> Tiers, bool ChargesCached = true);

internal sealed record SimulateBody(
    string MeterId,
    DateTimeOffset Start,
    ProposedMeterBody Meter,
    DateTimeOffset? End = null,
    string? CustomerId = null,
    int? Limit = null,
    string? Cursor = null);

internal sealed record BundleBody(string Name, string Cost, string CreditAmount);

internal sealed record ChangedBundleBody(
    string? CreditBundleId = null,
    string? Name = null,
    string? Cost = null,
    string? CreditAmount = null,
    bool IsDeleted = false);

internal sealed record CreatePlanBody(
    string Name,
    string PeriodAmount,
    string BillingInterval,
    string? IncludedCredit = null,
    string? RolloverType = null,
    string? BundleRolloverType = null,
    IReadOnlyList<string>? MeterIds = null,
    IReadOnlyList<BundleBody>? CreditBundles = null,
    int? DefaultAutoTopUpBundleIndex = null);

internal sealed record UpdatePlanBody(
    string? Name = null,
    string? IncludedCredit = null,
    string? RolloverType = null,
    string? BundleRolloverType = null,
    IReadOnlyList<string>? MeterIds = null,
    IReadOnlyList<ChangedBundleBody>? CreditBundles = null,
    string? DefaultAutoTopUpBundleId = null);

internal sealed record CreateSubscriptionBody(string CustomerId, string PlanId);

internal sealed record TopUpLimitsBody(string? Day = null, string? Cycle = null);

internal sealed record UpdateSubscriptionBody(string? AutoTopUpBundleId = null, TopUpLimitsBody? AutoTopUpLimits = null);

internal sealed record PaySubscriptionBody(string? PaymentMethodId = null, string? ReturnUrl = null);

internal sealed record CreateCheckoutBody(
    string CheckoutMode,
    string OriginUrl,
    string? PlanId = null,
    string? CustomerId = null,
    string? CreditBundleId = null);

internal sealed record AuthCodeBody(string Code);

internal sealed record CreateRequestBody(
    string RequestId,
    string CustomerId,
    string MeterSlug,
    IReadOnlyDictionary<string, string>? Metadata = null,
    long? InputTokens = null,
    long? OutputTokens = null,
    long? InputCharacters = null,
    long? OutputCharacters = null,
    decimal? InputSeconds = null,
    decimal? OutputSeconds = null,
    DateTimeOffset? Timestamp = null);

internal sealed record RequestBatchBody(IReadOnlyList<CreateRequestBody> Requests);

internal sealed record EventDataBody(
    IReadOnlyDictionary<string, string>? Metadata = null,
    long? InputTokens = null,
    long? OutputTokens = null,
    long? InputCharacters = null,
    long? OutputCharacters = null,
    decimal? InputSeconds = null,
    decimal? OutputSeconds = null);

internal sealed record CloudEventBody(
    string Specversion,
    string Id,
    string Source,
    string Type,
    string Subject,
    DateTimeOffset? Time = null,
    EventDataBody? Data = null);

internal sealed record CardSetupBody(string ReturnUrl, string? CustomerId = null);

internal sealed record TestDisputeBody(string PaymentId, string Status, string? Reason = null);

internal sealed record AlertMailBody(IReadOnlyList<string> Addresses, IReadOnlyList<string>? Events = null);

internal sealed record AutoReloadBody(string Threshold, string Amount, string? DailyCap = null, string? PaymentMethodId = null);

internal sealed record FundBody(string PaymentMethodId, string Amount);

internal sealed record SpendLimitBody(string Amount, string Cycle);

internal sealed record RequestLimitBody(int Count, string Cycle);

internal sealed record RateLimitBody(int Rpm, int? Burst = null);

internal sealed record CreateSpendKeyBody(
    string Name,
    string? Status = null,
    string? RequestShape = null,
    IReadOnlyList<string>? AllowedModels = null,
    IReadOnlyList<string>? AllowedProviders = null,
    SpendLimitBody? SpendLimit = null,
    RequestLimitBody? RequestLimit = null,
    RateLimitBody? RateLimit = null,
    DateTimeOffset? ExpiresAt = null);

internal sealed record UpdateSpendKeyBody(
    string? Name = null,
    string? Status = null,
    string? RequestShape = null,
    IReadOnlyList<string>? AllowedModels = null,
    IReadOnlyList<string>? AllowedProviders = null,
    SpendLimitBody? SpendLimit = null,
    RequestLimitBody? RequestLimit = null,
    RateLimitBody? RateLimit = null,
    DateTimeOffset? ExpiresAt = null);

internal sealed record FallbackBody(string Model, string? Url = null, string? Provider = null);

internal sealed record FallbacksBody(IReadOnlyList<FallbackBody>? Fallbacks = null);

internal sealed record ProviderKeysBody(IReadOnlyList<string> Keys);

internal sealed record WebhookBody(string Name, string Url);

internal sealed record RotateWebhookBody(int? OverlapSeconds = null);

internal sealed record UpdateWebhookBody(string? Name = null, string? Url = null);

internal sealed record DisputeBody(string Decision);

internal sealed record TestClockBody(DateTimeOffset FrozenTime, string? Name = null);

internal sealed record AdvanceBody(DateTimeOffset FrozenTime);

internal sealed record TestCardBody(string Token, string? CustomerId = null, bool Default = false);

internal sealed record TestBundleBody(string CustomerId, string CreditBundleId);
