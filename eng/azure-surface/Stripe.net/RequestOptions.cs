namespace Stripe;

public class RequestOptions
{
    public string IdempotencyKey { get; set; }
}
