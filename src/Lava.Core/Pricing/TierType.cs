namespace Lava.Core.Pricing;

/// <summary>The unit that a meter counts (behaviour.md §5.1).</summary>
public enum TierType
{
    /// <summary>Input and output tokens; rates are per 1,000,000.</summary>
    Tokens1M,

    /// <summary>Characters; rates are per 1,000,000.</summary>
    Characters1M,

    /// <summary>Seconds of audio; rates are per minute and tier starts are in minutes.</summary>
    Minutes,

    /// <summary>Calls; rates are per call.</summary>
    Requests,
}
