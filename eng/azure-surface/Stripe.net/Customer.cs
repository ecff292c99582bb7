namespace Stripe;

public class Customer : IHasObject
{
    public string Id { get; set; }

    public string Object { get; set; }

    public bool? Deleted { get; set; }

    public Dictionary<string, string> Metadata { get; set; }
}
