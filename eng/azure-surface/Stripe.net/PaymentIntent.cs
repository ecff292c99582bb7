using System.Text.Json.Serialization;

namespace Stripe;

public class PaymentIntent : IHasObject
{
    public string Id { get; set; }

    public string Object { get; set; }

    public long Amount { get; set; }

    public string ClientSecret { get; set; }

    public DateTime Created { get; set; }

    public StripeError LastPaymentError { get; set; }

    public Dictionary<string, string> Metadata { get; set; }

    public PaymentIntentNextAction NextAction { get; set; }

    public string Status { get; set; }

    [JsonIgnore]
    public Charge LatestCharge => LatestChargeReference?.Object<Charge>();

    [JsonInclude, JsonPropertyName("latest_charge")]
    internal Reference LatestChargeReference { get; set; }
}
