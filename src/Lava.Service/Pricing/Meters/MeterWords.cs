using Lava.Core.Pricing;

namespace Lava.Service.Pricing.Meters;

/// <summary>The words of meters on the wire.</summary>
internal static class MeterWords
{
    /// <summary>Rate types.</summary>
    public static readonly IReadOnlyList<string> RateTypes = ["fixed", "percentage"];

    /// <summary>Tier types.</summary>
    public static readonly IReadOnlyList<string> TierTypes = ["tokens_1m", "characters_1m", "minutes", "requests"];

    /// <summary>The word of a rate type.</summary>
    public static string Of(RateType type) => RateTypes[(int)type];

    /// <summary>The word of a tier type.</summary>
    public static string Of(TierType type) => TierTypes[(int)type];

    /// <summary>The rate type of a word of <see cref="RateTypes"/>.</summary>
    public static RateType RateType(string word) => word == "fixed" ? Core.Pricing.RateType.Fixed : Core.Pricing.RateType.Percentage;

    /// <summary>The tier type of a word of <see cref="TierTypes"/>.</summary>
    public static TierType TierType(string word) => (TierType)TierTypes.TakeWhile(known => known != word).Count();
}
