namespace Lava.Core.Billing;

/// <summary>A bundle as it was offered when its automatic purchase was agreed.</summary>
/// <param name="BundleId"><c>cb_…</c>.</param>
/// <param name="Cost">US dollars.</param>
/// <param name="Credits">Credits, more than 0.</param>
public sealed record TopUpOffer(string BundleId, decimal Cost, decimal Credits)
{
    /// <summary>What a card is charged for one: whole cents, rounded up.</summary>
    public decimal Price => Math.Ceiling(Cost * 100) / 100;

    /// <summary>What is charged from now on: the bundle as it is now where that is no worse for the customer, else as it was agreed.</summary>
    /// <param name="now">The bundle as it is offered now.</param>
    public TopUpOffer Against(TopUpOffer now) => BundleId == now.BundleId && (now.Cost > Cost || now.Credits < Credits) ? this : now;
}
