namespace Lava.Core.Metering;

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

    /// <summary>Input and output tokens together.</summary>
    public long TotalTokens => InputTokens + OutputTokens;

    /// <summary>Input and output characters together.</summary>
    public long TotalCharacters => InputCharacters + OutputCharacters;

    /// <summary>Input and output seconds together.</summary>
    public decimal TotalSeconds => InputSeconds + OutputSeconds;
}
