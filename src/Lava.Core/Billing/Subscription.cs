namespace Lava.Core.Billing;

/// <summary>A customer's subscription to a plan, as it stands between two changes.</summary>
public sealed record Subscription
{
    /// <summary><c>as_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The plan subscribed to.</summary>
    public required string PlanId { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it is active.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>Start of the cycle number 0: its day is kept by all cycles.</summary>
    public required DateTimeOffset Anchor { get; init; }

    /// <summary>The day of the month that its cycles keep where the anchor lies at the end of a month that was too short for it; null for the anchor's
    /// own.</summary>
    public int? AnchorDay { get; init; }

    /// <summary>Length of its cycles.</summary>
    public BillingInterval Interval { get; init; }

    /// <summary>Number of the current cycle, from 0, counted from the anchor.</summary>
    public int Cycle { get; init; }

    /// <summary>Start of the current cycle.</summary>
    public DateTimeOffset CycleStart => BillingCycle.StartOf(Anchor, Interval, Cycle, AnchorDay);

    /// <summary>End of the current cycle, which is the start of the next.</summary>
    public DateTimeOffset CycleEnd => BillingCycle.StartOf(Anchor, Interval, Cycle + 1, AnchorDay);

    /// <summary>How many times the plan has changed: with <see cref="Cycle"/> it names a cycle for good, since a change begins a new count.</summary>
    public int Era { get; init; }

    /// <summary>The bundle that is bought when the credits are used up; null for none.</summary>
    public string? TopUpBundleId { get; init; }

    /// <summary>What the end of the cycle will bring; null for a renewal.</summary>
    public PendingChange? Pending { get; init; }

    /// <summary>A renewal that could not be paid; null where all is paid. Its credits cannot be spent meanwhile.</summary>
    public PastDue? PastDue { get; init; }

    /// <summary>A payment that is under way; null where none is. While it is, nothing else is begun.</summary>
    public PaymentIntent? Paying { get; init; }

    /// <summary>Payments begun so far: a part of their keys.</summary>
    public int Payments { get; init; }

    /// <summary>The bundle as it was when its automatic purchase was agreed; null where that was not kept.</summary>
    public TopUpOffer? TopUpAgreed { get; init; }

    /// <summary>The most that automatic purchases may take; null for the server's rule.</summary>
    public TopUpLimits? TopUpLimits { get; init; }

    /// <summary>What automatic purchases have taken of the newest day and cycle; null for nothing.</summary>
    public TopUpSpend? TopUpSpend { get; init; }

    /// <summary>The usage that the newest automatic purchase answered, as the number of its entry: each causes one purchase.</summary>
    public long TopUpServed { get; init; }

    /// <summary>Top-ups declined one after another.</summary>
    public int TopUpDeclines { get; init; }

    /// <summary>Before this no top-up is tried again; null after a success.</summary>
    public DateTimeOffset? TopUpNotBefore { get; init; }

    /// <summary>The cycle for which the low balance was told, by era and number; null if never.</summary>
    public string? LowBalanceTold { get; init; }

    /// <summary>Names the current cycle for good.</summary>
    public string CycleName => $"{Id}:{Era}:{Cycle}";
}
