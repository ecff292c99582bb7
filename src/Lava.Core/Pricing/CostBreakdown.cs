namespace Lava.Core.Pricing;

/// <summary>A call's list price at its provider, US dollars, unrounded.</summary>
/// <param name="Input">For prompt, characters and seconds sent in.</param>
/// <param name="Output">For the answer, images and seconds that came back.</param>
/// <param name="Other">For the request itself and for tools that the provider ran.</param>
public readonly record struct CostBreakdown(decimal Input, decimal Output, decimal Other)
{
    /// <summary>The whole.</summary>
    public decimal Total => Input + Output + Other;
}
