namespace Stripe;

public class PaymentMethodCard
{
    public string Brand { get; set; }

    public long ExpMonth { get; set; }

    public long ExpYear { get; set; }

    public string Last4 { get; set; }
}
