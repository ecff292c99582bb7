using System.Text.Json.Serialization;

namespace Lava.Service.Invoices;

/// <summary>Stored shapes of invoices.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Invoice))]
[JsonSerializable(typeof(InvoiceDetails))]
[JsonSerializable(typeof(InvoiceSeries))]
[JsonSerializable(typeof(string))]
internal sealed partial class InvoicesJson : JsonSerializerContext;
