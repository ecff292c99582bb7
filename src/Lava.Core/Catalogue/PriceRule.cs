namespace Lava.Core.Catalogue;

/// <summary>Token prices that hold where all of a rule's conditions do: prompts above a length, a service tier, a speed, a region, days, hours. It names
/// prices in US dollars per 1M tokens, which replace those of <see cref="ModelPrice"/>, or a factor of all token prices, or both. Where it replaces the price
/// of the input and names none of a cache, the cache costs what the input does then; a long-lived write keeps its ratio to an ordinary one. Rules apply in
/// their order.</summary>
public sealed record PriceRule
{
    /// <summary>Prompt tokens above which it holds, for the whole call.</summary>
    public long? Above { get; init; }

    /// <summary>The service tier that the answer says was used (<c>priority</c>, <c>flex</c>, <c>batch</c>).</summary>
    public string? Tier { get; init; }

    /// <summary>The speed that the answer says was used (<c>fast</c>).</summary>
    public string? Speed { get; init; }

    /// <summary>The region that the answer says it was computed in (Anthropic's <c>inference_geo</c>: <c>us</c>), or that the address says
    /// (<see cref="ProviderEndpoint.Geo"/>).</summary>
    public string? Geo { get; init; }

    /// <summary>First day on which it holds, UTC.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day on which it holds, UTC.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Times of day when it holds, UTC, each <c>HH:mm-HH:mm</c> with its end left out; <c>00:00</c> as an end is midnight.</summary>
    public IReadOnlyList<string>? Hours { get; init; }

    /// <summary>Days of the week on which it holds, UTC: <c>mon</c>, <c>tue</c>, … <c>sun</c>.</summary>
    public IReadOnlyList<string>? Days { get; init; }

    /// <summary>By how much all token prices are multiplied, after those that it names have taken their places.</summary>
    public decimal? Factor { get; init; }

    /// <summary>Per 1M prompt tokens.</summary>
    public decimal? Input { get; init; }

    /// <summary>Per 1M answer tokens.</summary>
    public decimal? Output { get; init; }

    /// <summary>Per 1M prompt tokens read from a cache.</summary>
    public decimal? CacheRead { get; init; }

    /// <summary>Per 1M prompt tokens written to a cache of ordinary lifetime.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Per 1M prompt tokens written to a long-lived cache.</summary>
    public decimal? CacheWriteLong { get; init; }

    /// <summary>Per 1M audio tokens in.</summary>
    public decimal? AudioInput { get; init; }

    /// <summary>Per 1M audio tokens out.</summary>
    public decimal? AudioOutput { get; init; }

    /// <summary>Per 1M image tokens in.</summary>
    public decimal? ImageInput { get; init; }

    /// <summary>Per 1M image tokens out.</summary>
    public decimal? ImageOutput { get; init; }
}
