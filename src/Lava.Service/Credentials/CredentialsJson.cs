using System.Text.Json.Serialization;

namespace Lava.Service.Credentials;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoredCredential))]
internal sealed partial class CredentialsJson : JsonSerializerContext;
