using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>Stripe's objects: names in snake case, times in Unix seconds, a reference that is an id or, where it was to be expanded, the object.</summary>
internal static class StripeJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new UnixTime(), new AnyObject() },
    };

    private sealed class UnixTime : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64()).UtcDateTime;

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteNumberValue(new DateTimeOffset(value).ToUnixTimeSeconds());
    }

    private sealed class AnyObject : JsonConverter<IHasObject>
    {
        public override IHasObject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            return root.TryGetProperty("object", out var kind) && kind.ValueKind == JsonValueKind.String
                ? kind.GetString() switch
                {
                    "payment_intent" => root.Deserialize<PaymentIntent>(options),
                    "charge" => root.Deserialize<Charge>(options),
                    "dispute" => root.Deserialize<Dispute>(options),
                    "payment_method" => root.Deserialize<PaymentMethod>(options),
                    "customer" => root.Deserialize<Customer>(options),
                    "setup_intent" => root.Deserialize<SetupIntent>(options),
                    "checkout.session" => root.Deserialize<Checkout.Session>(options),
                    _ => null,
                }
                : null;
        }

        public override void Write(Utf8JsonWriter writer, IHasObject value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, value.GetType(), options);
    }
}
