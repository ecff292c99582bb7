using System.Text.Json.Serialization;

namespace Stripe;

public class SetupIntent : IHasObject
{
    public string Id { get; set; }

    public string Object { get; set; }

    [JsonIgnore]
    public string PaymentMethodId => PaymentMethodReference?.Id;

    [JsonInclude, JsonPropertyName("payment_method")]
    internal Reference PaymentMethodReference { get; set; }
}
