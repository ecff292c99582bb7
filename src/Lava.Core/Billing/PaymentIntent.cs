namespace Lava.Core.Billing;

/// <summary>A payment that is under way: written before the card is charged, so that money taken is always accounted for, whatever dies between.</summary>
/// <param name="Key">Its idempotency key at the payment processor.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Amount">US dollars, whole cents.</param>
/// <param name="At">When it was begun.</param>
/// <param name="PlanId">The plan that it pays for; null for a bundle.</param>
/// <param name="BundleId">The bundle that it pays for; null for a plan.</param>
/// <param name="Credits">The bundle's credits; 0 for a plan.</param>
/// <param name="PaymentMethodId">The card; null for the customer's default.</param>
/// <param name="ReturnUrl">Where the customer's bank sends the customer back to; null where the customer is not there (a renewal, a top-up).</param>
/// <param name="Replaces">The pending change that this payment fulfils or replaces; one that is asked for while it is under way is not lost.</param>
/// <param name="CheckAt">Until then the customer may authenticate it with the bank; null where nothing is waited for.</param>
/// <param name="CheckoutId">The checkout session that is completed with it; null where there is none.</param>
/// <param name="IsAsked">Whether somebody asked for it now: then it takes no place among the attempts that come by themselves.</param>
/// <param name="UsedUpBy">The usage that it answers, as the number of its entry; 0 where none does.</param>
/// <param name="IncludedCredit">The credits of the plan's first cycle as they were shown; null where they are the plan's.</param>
public sealed record PaymentIntent(
    string Key,
    PaymentPurpose Purpose,
    decimal Amount,
    DateTimeOffset At,
    string? PlanId = null,
    string? BundleId = null,
    decimal Credits = 0,
    string? PaymentMethodId = null,
    Uri? ReturnUrl = null,
    PendingChange? Replaces = null,
    DateTimeOffset? CheckAt = null,
    string? CheckoutId = null,
    bool IsAsked = false,
    long UsedUpBy = 0,
    decimal? IncludedCredit = null);
