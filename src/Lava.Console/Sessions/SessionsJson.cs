using System.Text.Json.Serialization;

namespace Lava.Console.Sessions;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoredSession))]
internal sealed partial class SessionsJson : JsonSerializerContext;
