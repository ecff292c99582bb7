namespace Stripe;

public class CustomerCreateOptions : BaseOptions
{
    public string Description { get; set; }

    public Dictionary<string, string> Metadata { get; set; }
}
