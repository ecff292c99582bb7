using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>A reference to another object: its id or, where it was to be expanded, the object.</summary>
[JsonConverter(typeof(ReferenceConverter))]
internal sealed class Reference
{
    public string Id { get; init; }

    public JsonElement Expanded { get; init; }

    public T Object<T>()
        where T : class => Expanded.ValueKind == JsonValueKind.Object ? Expanded.Deserialize<T>(StripeJson.Options) : null;

    private sealed class ReferenceConverter : JsonConverter<Reference>
    {
        public override Reference Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String) return new Reference { Id = reader.GetString() };
            using var document = JsonDocument.ParseValue(ref reader);
            return new Reference { Id = document.RootElement.GetProperty("id").GetString(), Expanded = document.RootElement.Clone() };
        }

        public override void Write(Utf8JsonWriter writer, Reference value, JsonSerializerOptions options) => writer.WriteStringValue(value.Id);
    }
}
