namespace Lava.Core.Ledger;

/// <summary>A movement of money within a book: double, so its postings add up to zero. Entries are added, never changed.</summary>
public sealed record Entry
{
    /// <summary>Its number in the book, from 1, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was booked.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Why money moved.</summary>
    public required EntryReason Reason { get; init; }

    /// <summary>The two sides or more.</summary>
    public required IReadOnlyList<Posting> Postings { get; init; }

    /// <summary>The calls that caused it, each with its part of the amount: calls of one batch share an entry.</summary>
    public IReadOnlyList<EntryCall> Calls { get; init; } = [];

    /// <summary>What else caused it (a plan, a payment); null for calls.</summary>
    public string? Cause { get; init; }
}
