namespace Stripe;

public class PaymentIntentNextAction
{
    public PaymentIntentNextActionRedirectToUrl RedirectToUrl { get; set; }

    public string Type { get; set; }
}
