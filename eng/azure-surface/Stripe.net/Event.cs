namespace Stripe;

public class Event : IHasObject
{
    public string Id { get; set; }

    public string Object { get; set; }

    public string ApiVersion { get; set; }

    public DateTime Created { get; set; }

    public EventData Data { get; set; }

    public string Type { get; set; }
}
