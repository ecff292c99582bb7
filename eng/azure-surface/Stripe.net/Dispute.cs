using System.Text.Json.Serialization;

namespace Stripe;

public class Dispute : IHasObject
{
    public string Id { get; set; }

    public string Object { get; set; }

    public long Amount { get; set; }

    public string Reason { get; set; }

    [JsonIgnore]
    public string PaymentIntentId => PaymentIntentReference?.Id;

    [JsonInclude, JsonPropertyName("payment_intent")]
    internal Reference PaymentIntentReference { get; set; }
}
