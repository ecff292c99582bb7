using System.Text.Json.Serialization;
using Lava.Service.Http;

namespace Lava.Service.Simulation;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(SimulationResponse))]
internal sealed partial class SimulationWire : JsonSerializerContext;
