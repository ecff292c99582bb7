namespace Lava.Service.Accounts.SpendKeys;

// Shapes of request bodies in the API's document. Bodies are read member by member, so that one response lists all that is wrong with one.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

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
