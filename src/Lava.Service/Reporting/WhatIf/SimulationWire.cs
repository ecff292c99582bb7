using System.Text.Json.Serialization;
using Lava.Service.Api;

namespace Lava.Service.Reporting.WhatIf;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(SimulationResponse))]
internal sealed partial class SimulationWire : JsonSerializerContext;
