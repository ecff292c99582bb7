using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;

namespace Lava.Service.Reporting.LedgerEntries;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(LedgerEntryResponse))]
[JsonSerializable(typeof(ListResponse<LedgerEntryResponse>))]
[JsonSerializable(typeof(ListResponse<CreditLotResponse>))]
[JsonSerializable(typeof(ListResponse<CustomerPaymentResponse>))]
internal sealed partial class LedgerWire : JsonSerializerContext;
