using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Gemini;

/// <summary>Google's errors (google.rpc.Status in JSON).</summary>
internal static class GeminiErrors
{
    public static ProviderError Read(int status, JsonElement body)
    {
        // A stream without alt=sse answers an error in a list.
        if (body.ValueKind == JsonValueKind.Array && body.GetArrayLength() > 0) body = body[0];
        var error = body.Member("error");
        return new ProviderError(status, error.Text("message") ?? "", error.Text("status"), null);
    }

    public static void Write(ProviderError error, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("code", error.Status);
        json.WriteString("message", error.Message);
        json.WriteString("status", StatusOf(error.Status));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string StatusOf(int status) => status switch
    {
        400 or 413 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        409 => "ABORTED",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        501 => "UNIMPLEMENTED",
        503 or 529 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        >= 500 => "INTERNAL",
        _ => "FAILED_PRECONDITION",
    };
}
