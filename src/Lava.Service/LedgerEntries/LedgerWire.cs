using System.Text.Json.Serialization;
using Lava.Service.Http;

namespace Lava.Service.LedgerEntries;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(LedgerEntryResponse))]
[JsonSerializable(typeof(ListResponse<LedgerEntryResponse>))]
internal sealed partial class LedgerWire : JsonSerializerContext;
