using System.Text.Json.Serialization;
using Lava.Service.Api;

namespace Lava.Service.Hosting.SystemState;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(JobRun))]
[JsonSerializable(typeof(StoreSize))]
[JsonSerializable(typeof(SystemResponse))]
internal sealed partial class SystemJson : JsonSerializerContext;
