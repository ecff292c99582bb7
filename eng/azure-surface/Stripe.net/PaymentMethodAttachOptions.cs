namespace Stripe;

public class PaymentMethodAttachOptions : BaseOptions
{
    public string Customer { get; set; }
}
