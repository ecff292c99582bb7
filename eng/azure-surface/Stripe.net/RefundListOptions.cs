namespace Stripe;

public class RefundListOptions : ListOptions
{
    public string PaymentIntent { get; set; }
}
