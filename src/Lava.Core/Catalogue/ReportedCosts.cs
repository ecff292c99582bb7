namespace Lava.Core.Catalogue;

/// <summary>What becomes of a cost that an answer reports, US dollars.</summary>
public enum ReportedCosts
{
    /// <summary>It is not looked at.</summary>
    Ignored,

    /// <summary>It is charged where the usage has something without a price in the catalogue.</summary>
    WhereUnpriced,

    /// <summary>It is charged: what a call costs there depends on who serves it (OpenRouter).</summary>
    Charged,
}
