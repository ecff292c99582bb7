using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Anthropic;

/// <summary>Anthropic's errors (docs.anthropic.com/en/api/errors).</summary>
internal static class AnthropicErrors
{
    public static ProviderError Read(int status, JsonElement body)
    {
        var error = body.Member("error");
        var type = error.Text("type");
        return new ProviderError(status, error.Text("message") ?? error.AsText() ?? body.Text("message") ?? "", type, null);
    }

    /// <summary>The status that an error has in the middle of a stream, where none is sent.</summary>
    public static int StatusOf(string? type) => type switch
    {
        "invalid_request_error" => 400,
        "authentication_error" => 401,
        "billing_error" => 402,
        "permission_error" => 403,
        "not_found_error" => 404,
        "request_too_large" => 413,
        "rate_limit_error" => 429,
        "timeout_error" => 504,
        "overloaded_error" => 529,
        _ => 500,
    };

    public static void Write(ProviderError error, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", TypeOf(error.Status));
        json.WriteString("message", error.Message);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        503 or 529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
