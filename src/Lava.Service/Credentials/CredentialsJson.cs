using System.Text.Json.Serialization;

namespace Lava.Service.Credentials;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoredCredential))]
[JsonSerializable(typeof(Suspension))]
internal sealed partial class CredentialsJson : JsonSerializerContext;
