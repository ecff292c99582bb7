namespace Stripe;

public class PaymentIntentConfirmOptions : BaseOptions
{
    public bool? OffSession { get; set; }

    public string ReturnUrl { get; set; }

    public bool? UseStripeSdk { get; set; }
}
