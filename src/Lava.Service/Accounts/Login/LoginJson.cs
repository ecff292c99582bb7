using System.Text.Json.Serialization;

namespace Lava.Service.Accounts.Login;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LoginCode))]
[JsonSerializable(typeof(LoginResponse))]
internal sealed partial class LoginJson : JsonSerializerContext;
