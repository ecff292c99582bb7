using Lava.Core.SpendKeys;

namespace Lava.Service.Accounts.SpendKeys;

/// <summary>A key for a tool or an agent: it draws on the merchant's wallet within its limits.</summary>
public sealed record SpendKey
{
    /// <summary><c>spk_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the raw key, which is not kept.</summary>
    public required string Hash { get; init; }

    /// <summary>The beginning of the raw key, to know it by.</summary>
    public required string Preview { get; init; }

    /// <summary>Whether it is paused.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whether it speaks Anthropic's format; otherwise OpenAI's or Google's.</summary>
    public bool IsAnthropic { get; init; }

    /// <summary>Whether it speaks Google's format.</summary>
    public bool IsGoogle { get; init; }

    /// <summary>Models that it may use; null for all.</summary>
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>Providers that it may use; null for all.</summary>
    public IReadOnlyList<string>? AllowedProviders { get; init; }

    /// <summary>Most that it may spend in a cycle; null for no limit.</summary>
    public SpendLimit? SpendLimit { get; init; }

    /// <summary>Most calls in a cycle; null for no limit.</summary>
    public RequestLimit? RequestLimit { get; init; }

    /// <summary>Most calls a minute; null for no limit.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The cycle whose spending is shown: the limit's, or the month without one.</summary>
    public LimitCycle SpendCycle => SpendLimit?.Cycle ?? LimitCycle.Monthly;

    /// <summary>The cycle whose calls are shown: the limit's, or the month without one.</summary>
    public LimitCycle RequestCycle => RequestLimit?.Cycle ?? LimitCycle.Monthly;

    /// <summary>The format that it speaks: <c>openai</c>, <c>anthropic</c> or <c>google</c>.</summary>
    public string ShapeWord() => IsAnthropic ? "anthropic" : IsGoogle ? "google" : "openai";

    /// <summary>Whether it has ended: it authenticates nobody from that moment on.</summary>
    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;

    /// <summary>Whether it may use a provider's model; a model is named plainly or as <c>provider/model</c> (behaviour.md §4).</summary>
    public bool Allows(string provider, string model) =>
        (AllowedProviders is null || AllowedProviders.Contains(provider))
        && (AllowedModels is null || AllowedModels.Contains(model) || AllowedModels.Any(name => name.Length == provider.Length + 1 + model.Length
            && name[provider.Length] == '/' && name.StartsWith(provider, StringComparison.Ordinal) && name.EndsWith(model, StringComparison.Ordinal)));
}
