namespace Stripe;

public class Refund : IHasObject
{
    public string Id { get; set; }

    public string Object { get; set; }

    public long Amount { get; set; }

    public Dictionary<string, string> Metadata { get; set; }

    public string Status { get; set; }
}
