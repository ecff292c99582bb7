using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;

namespace Lava.Service.Invoices;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(InvoiceResponse))]
[JsonSerializable(typeof(ListResponse<InvoiceResponse>))]
[JsonSerializable(typeof(InvoiceDetailsResponse))]
internal sealed partial class InvoicesWire : JsonSerializerContext;
