namespace Lava.Core.Pricing;

/// <summary>What one call used, in one meaning for every provider: <see cref="InputTokens"/> is the whole prompt, cached and
/// cache-write parts included, and <see cref="OutputTokens"/> includes reasoning. The parts named below are subsets, never additions.</summary>
public readonly record struct Usage
{
    /// <summary>Tokens of the whole prompt, including those read from and written to a prompt cache.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens of the whole answer, including reasoning.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Part of <see cref="InputTokens"/> that was read from a prompt cache.</summary>
    public long CacheReadTokens { get; init; }

    /// <summary>Part of <see cref="InputTokens"/> that was written to a prompt cache, whatever its lifetime.</summary>
    public long CacheWriteTokens { get; init; }

    /// <summary>Part of <see cref="CacheWriteTokens"/> that was written to a long-lived cache (Anthropic: one hour), which costs more.</summary>
    public long CacheWriteLongTokens { get; init; }

    /// <summary>Part of <see cref="OutputTokens"/> that was spent on reasoning.</summary>
    public long ReasoningTokens { get; init; }

    /// <summary>Part of <see cref="InputTokens"/> that encodes audio.</summary>
    public long AudioInputTokens { get; init; }

    /// <summary>Part of <see cref="OutputTokens"/> that encodes audio.</summary>
    public long AudioOutputTokens { get; init; }

    /// <summary>Part of <see cref="InputTokens"/> that encodes images.</summary>
    public long ImageInputTokens { get; init; }

    /// <summary>Part of <see cref="OutputTokens"/> that encodes images.</summary>
    public long ImageOutputTokens { get; init; }

    /// <summary>Characters (UTF-16 code units are not it: Unicode scalar values) of text given to a speech endpoint.</summary>
    public long InputCharacters { get; init; }

    /// <summary>Characters of text that came back, where a provider bills by them.</summary>
    public long OutputCharacters { get; init; }

    /// <summary>Seconds of audio sent in; may be fractional.</summary>
    public decimal InputSeconds { get; init; }

    /// <summary>Seconds of audio that came back; may be fractional.</summary>
    public decimal OutputSeconds { get; init; }

    /// <summary>Images made.</summary>
    public long Images { get; init; }

    /// <summary>Searches by which a rerank is billed.</summary>
    public long SearchUnits { get; init; }

    /// <summary>Tokens of the longest prompt, where the answer took several (compaction, rounds of tools at the provider), for prices that go by a prompt's
    /// length; 0: <see cref="InputTokens"/>.</summary>
    public long LongestPromptTokens { get; init; }

    /// <summary>Tools that the provider ran.</summary>
    public ToolCalls Tools { get; init; }

    /// <summary>The service tier that served it, in lower case (<c>priority</c>, <c>flex</c>, <c>batch</c>); null for the ordinary one.</summary>
    public string? Tier { get; init; }

    /// <summary>The speed at which it was served (<c>fast</c>); null for the ordinary one.</summary>
    public string? Speed { get; init; }

    /// <summary>The region in which it was computed, where that may change the price (<c>us</c>); null where it does not.</summary>
    public string? Geo { get; init; }

    /// <summary>Input and output tokens together.</summary>
    public long TotalTokens => InputTokens + OutputTokens;

    /// <summary>Input and output characters together.</summary>
    public long TotalCharacters => InputCharacters + OutputCharacters;

    /// <summary>Input and output seconds together.</summary>
    public decimal TotalSeconds => InputSeconds + OutputSeconds;

    /// <summary>Of each count the larger one: counts of a stream are sums so far, and a later event that reports less takes nothing back. Of the terms the
    /// later ones that are named.</summary>
    public static Usage Larger(in Usage earlier, in Usage later) => new()
    {
        InputTokens = Math.Max(earlier.InputTokens, later.InputTokens),
        OutputTokens = Math.Max(earlier.OutputTokens, later.OutputTokens),
        CacheReadTokens = Math.Max(earlier.CacheReadTokens, later.CacheReadTokens),
        CacheWriteTokens = Math.Max(earlier.CacheWriteTokens, later.CacheWriteTokens),
        CacheWriteLongTokens = Math.Max(earlier.CacheWriteLongTokens, later.CacheWriteLongTokens),
        ReasoningTokens = Math.Max(earlier.ReasoningTokens, later.ReasoningTokens),
        AudioInputTokens = Math.Max(earlier.AudioInputTokens, later.AudioInputTokens),
        AudioOutputTokens = Math.Max(earlier.AudioOutputTokens, later.AudioOutputTokens),
        ImageInputTokens = Math.Max(earlier.ImageInputTokens, later.ImageInputTokens),
        ImageOutputTokens = Math.Max(earlier.ImageOutputTokens, later.ImageOutputTokens),
        InputCharacters = Math.Max(earlier.InputCharacters, later.InputCharacters),
        OutputCharacters = Math.Max(earlier.OutputCharacters, later.OutputCharacters),
        InputSeconds = Math.Max(earlier.InputSeconds, later.InputSeconds),
        OutputSeconds = Math.Max(earlier.OutputSeconds, later.OutputSeconds),
        Images = Math.Max(earlier.Images, later.Images),
        SearchUnits = Math.Max(earlier.SearchUnits, later.SearchUnits),
        LongestPromptTokens = Math.Max(earlier.LongestPromptTokens, later.LongestPromptTokens),
        Tools = ToolCalls.Larger(earlier.Tools, later.Tools),
        Tier = later.Tier ?? earlier.Tier,
        Speed = later.Speed ?? earlier.Speed,
        Geo = later.Geo ?? earlier.Geo,
    };
}
