namespace Stripe;

public class BaseOptions
{
    public List<string> Expand { get; set; }
}
