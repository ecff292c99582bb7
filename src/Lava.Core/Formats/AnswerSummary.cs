using Lava.Core.Pricing;

namespace Lava.Core.Formats;

/// <summary>What an answer said of itself.</summary>
public readonly record struct AnswerSummary
{
    /// <summary>The usage that the provider reported; a reported zero is a zero.</summary>
    public Usage Usage { get; init; }

    /// <summary>Whether the provider reported usage at all.</summary>
    public bool HasUsage { get; init; }

    /// <summary>Which terms of its price the answer named. What it does not name may be what the request asked for.</summary>
    public NamedTerms Named { get; init; }

    /// <summary>What the provider says that the call cost its account, US dollars; null where it does not say.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Whether the answer came to its logical end.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether the answer carried an error inside a success (an error event in the middle of a stream).</summary>
    public bool HasError { get; init; }

    /// <summary>Whether the reported parts contradict each other (parts above the whole, a total that does not add up), or could not be read
    /// to the end because they went beyond the reader's bounds; worth a flag, not a refusal.</summary>
    public bool IsInconsistent { get; init; }

    /// <summary>Whether a count of the reported usage was negative or no number.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>How much of the answer has passed.</summary>
    public AnswerSeen Seen { get; init; }

    /// <summary>The provider's id of the answer; null where it has none. At most 255 characters.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The model that the provider says it used; null where it says none.</summary>
    public string? Model { get; init; }
}
