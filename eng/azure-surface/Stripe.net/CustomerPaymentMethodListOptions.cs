namespace Stripe;

public class CustomerPaymentMethodListOptions : ListOptions
{
    public string Type { get; set; }
}
