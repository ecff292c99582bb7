namespace Stripe;

public class EventData
{
    public IHasObject Object { get; set; }
}
