using System.Text.Json.Serialization;

namespace Stripe;

public class PaymentMethod : IHasObject
{
    public string Id { get; set; }

    public string Object { get; set; }

    public PaymentMethodCard Card { get; set; }

    [JsonIgnore]
    public string CustomerId => CustomerReference?.Id;

    [JsonInclude, JsonPropertyName("customer")]
    internal Reference CustomerReference { get; set; }
}
