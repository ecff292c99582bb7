using System.Text.Json.Serialization;

namespace Stripe;

public class SetupIntent : IHasObject
{
    public string Id { get; set; }

    public string Object { get; set; }

    public string ClientSecret { get; set; }

    public Dictionary<string, string> Metadata { get; set; }

    public string Status { get; set; }

    [JsonIgnore]
    public string CustomerId => CustomerReference?.Id;

    [JsonIgnore]
    public string PaymentMethodId => PaymentMethodReference?.Id;

    [JsonInclude, JsonPropertyName("customer")]
    internal Reference CustomerReference { get; set; }

    [JsonInclude, JsonPropertyName("payment_method")]
    internal Reference PaymentMethodReference { get; set; }
}
