namespace Lava.Core.Pricing;

/// <summary>What was wrong with a call's usage, so that it is not simply what the provider reported.</summary>
public enum UsageFlag
{
    /// <summary>The usage is as reported.</summary>
    None,

    /// <summary>Answers of this kind never report their usage: it is an estimate.</summary>
    Estimated,

    /// <summary>The provider answered with success and did not report what it should have: the usage is an estimate.</summary>
    Unreported,

    /// <summary>The provider reported counts that are none (negative, or no numbers): the usage is an estimate, or what could be read where that is
    /// more.</summary>
    Unreadable,

    /// <summary>The reported parts contradict each other.</summary>
    Contradictory,

    /// <summary>The provider reported more than the call can have used. What it can have used is charged, the rest waits for the operator.</summary>
    Impossible,

    /// <summary>The client left before the answer's end: the usage is what was reported by then, or an estimate.</summary>
    LeftEarly,

    /// <summary>The usage has something for which the catalogue has no price (a tier, a speed, a region, a tool): it is charged at the dearest price known of
    /// the model.</summary>
    Unpriced,
}
