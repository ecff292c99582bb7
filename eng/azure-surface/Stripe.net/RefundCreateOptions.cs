namespace Stripe;

public class RefundCreateOptions : BaseOptions
{
    public long? Amount { get; set; }

    public Dictionary<string, string> Metadata { get; set; }

    public string PaymentIntent { get; set; }
}
