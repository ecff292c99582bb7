using Lava.Core.Pricing;

namespace Lava.Service.Metering.Records;

/// <summary>The words of flags on the wire and in telemetry.</summary>
internal static class UsageFlags
{
    /// <summary>A flag's word; null for none.</summary>
    public static string? Word(this UsageFlag flag) => flag switch
    {
        UsageFlag.Estimated => "estimated",
        UsageFlag.Unreported => "unreported",
        UsageFlag.Unreadable => "unreadable",
        UsageFlag.Contradictory => "contradictory",
        UsageFlag.Impossible => "impossible",
        UsageFlag.LeftEarly => "left_early",
        UsageFlag.Unpriced => "unpriced",
        _ => null,
    };
}
