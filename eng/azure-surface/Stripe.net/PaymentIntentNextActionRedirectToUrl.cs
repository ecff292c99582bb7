namespace Stripe;

public class PaymentIntentNextActionRedirectToUrl
{
    public string ReturnUrl { get; set; }

    public string Url { get; set; }
}
