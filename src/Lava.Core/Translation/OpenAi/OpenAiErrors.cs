using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.OpenAi;

/// <summary>Errors of OpenAI and of those that imitate it (platform.openai.com/docs/guides/error-codes).</summary>
internal static class OpenAiErrors
{
    public static ProviderError Read(int status, JsonElement body)
    {
        var error = body.Member("error");
        if (error.ValueKind != JsonValueKind.Object) return new ProviderError(status, error.AsText() ?? body.Text("message") ?? body.Text("detail") ?? "");
        var code = error.Member("code");
        return new ProviderError(
            status,
            error.Text("message") ?? "",
            error.Text("type"),
            code.ValueKind == JsonValueKind.Number ? code.GetRawText() : code.AsText());
    }

    public static void Write(ProviderError error, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteMember(error, json);
        json.WriteEndObject();
    }

    public static void WriteMember(ProviderError error, Utf8JsonWriter json)
    {
        json.WriteStartObject("error");
        json.WriteString("message", error.Message);
        json.WriteString("type", TypeOf(error.Status));
        json.WriteNull("param");
        json.WriteString("code", error.Code ?? CodeOf(error.Status));
        json.WriteEndObject();
    }

    public static string? CodeOf(int status) => status switch { 401 =>
        "invalid_api_key", 404 => "model_not_found", 429 => "rate_limit_exceeded", >= 500 => "server_error", _ => null };

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error", 403 => "permission_error", 429 => "rate_limit_error", >= 500 => "server_error", _ => "invalid_request_error",
    };
}
