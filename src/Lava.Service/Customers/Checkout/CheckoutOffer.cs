using Lava.Core.Money;
using Lava.Service.Pricing.Plans;

namespace Lava.Service.Customers.Checkout;

/// <summary>What a checkout sells.</summary>
/// <param name="Plan">The plan; null for a bundle.</param>
/// <param name="Bundle">The bundle; null for a plan.</param>
internal sealed record CheckoutOffer(Plan? Plan, CreditBundle? Bundle)
{
    /// <summary>Its name.</summary>
    public string Name => Plan?.Name ?? Bundle!.Name;

    /// <summary>What it costs, for people.</summary>
    public string Price => Plan is null ? $"{Dollars(Bundle!.Cost)} USD" : $"{Dollars(Plan.PeriodAmount)} USD per {PlanWords.Of(Plan.Interval)}";

    /// <summary>Credits that come with it.</summary>
    public decimal Credits => Plan?.IncludedCredit ?? Bundle!.CreditAmount;

    /// <summary>Price and content in one text: what the customer agrees to.</summary>
    public string Terms => $"{Price}, {Amount.Trimmed(Credits)}";

    /// <summary>An amount as a card is charged: rounded up to the cent.</summary>
    private static string Dollars(decimal amount) => Amount.Trimmed(Math.Ceiling(amount * 100) / 100);
}
