using System.Text.Json.Serialization;

namespace Stripe.Checkout;

public class Session : IHasObject
{
    public string Id { get; set; }

    public string Object { get; set; }

    public Dictionary<string, string> Metadata { get; set; }

    public string Mode { get; set; }

    public string Status { get; set; }

    public string Url { get; set; }

    [JsonIgnore]
    public string CustomerId => CustomerReference?.Id;

    [JsonIgnore]
    public SetupIntent SetupIntent => SetupIntentReference?.Object<SetupIntent>();

    [JsonInclude, JsonPropertyName("customer")]
    internal Reference CustomerReference { get; set; }

    [JsonInclude, JsonPropertyName("setup_intent")]
    internal Reference SetupIntentReference { get; set; }
}
