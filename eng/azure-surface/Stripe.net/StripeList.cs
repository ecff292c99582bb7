namespace Stripe;

public class StripeList<T>
{
    public List<T> Data { get; set; }

    public bool HasMore { get; set; }
}
