namespace Stripe;

public class SetupIntentCreateOptions : BaseOptions
{
    public string Customer { get; set; }

    public Dictionary<string, string> Metadata { get; set; }

    public List<string> PaymentMethodTypes { get; set; }

    public string Usage { get; set; }
}
