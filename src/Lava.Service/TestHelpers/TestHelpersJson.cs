using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;

namespace Lava.Service.TestHelpers;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(TestClockResponse))]
[JsonSerializable(typeof(ListResponse<TestClockResponse>))]
[JsonSerializable(typeof(ListResponse<UpcomingResponse>))]
internal sealed partial class TestHelpersJson : JsonSerializerContext;
