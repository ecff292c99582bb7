using System.Text.Json.Serialization;

namespace Lava.Service.Accounts.SpendKeys;

/// <summary>A spend key on the wire (rest-api.md §2.9); the raw key is there when it is made or rotated, and never again.</summary>
internal sealed record SpendKeyResponse(
    string SpendKeyId,
    string KeyPreview,
    string Name,
    string WalletId,
    string Status,
    string RequestShape,
    IReadOnlyList<string>? AllowedModels,
    IReadOnlyList<string>? AllowedProviders,
    SpendLimitResponse? SpendLimit,
    string CurrentSpend,
    string TotalSpend,
    RequestLimitResponse? RequestLimit,
    long CurrentRequests,
    long TotalRequests,
    RateLimit? RateLimit,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Key = null);
