namespace Stripe.Checkout;

public class SessionCreateOptions : BaseOptions
{
    public string CancelUrl { get; set; }

    public string Customer { get; set; }

    public Dictionary<string, string> Metadata { get; set; }

    public string Mode { get; set; }

    public List<string> PaymentMethodTypes { get; set; }

    public string SuccessUrl { get; set; }
}
