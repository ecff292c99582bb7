namespace Lava.Service.Billing.Clocks;

/// <summary>A clock of a test-mode merchant: the customers made with it live by its time, which moves only when it is told to.</summary>
public sealed record TestClock
{
    /// <summary><c>clk_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its name; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>The time that it shows.</summary>
    public required DateTimeOffset FrozenTime { get; init; }

    /// <summary>The time to which it is being moved; null while it stands.</summary>
    public DateTimeOffset? AdvancingTo { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
