using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Bedrock;

/// <summary>Bedrock's errors: the body has the message only, the type is in the header <c>x-amzn-errortype</c>, or is the type of a stream's
/// exception.</summary>
internal static class BedrockErrors
{
    public static ProviderError Read(int status, JsonElement body) =>
        new(status, body.Text("message") ?? body.Text("Message") ?? "", body.Text("__type"), null);

    public static void Write(ProviderError error, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("message", error.Message);
        json.WriteEndObject();
    }

    /// <summary>The type that goes into the header.</summary>
    public static string TypeOf(int status) => status switch
    {
        401 or 403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        408 or 504 => "ModelTimeoutException",
        424 => "ModelErrorException",
        429 => "ThrottlingException",
        503 or 529 => "ServiceUnavailableException",
        >= 500 => "InternalServerException",
        _ => "ValidationException",
    };

    /// <summary>The type in a stream's exception.</summary>
    public static string ExceptionOf(int status) => status switch
    {
        429 => "throttlingException",
        503 or 529 => "serviceUnavailableException",
        424 or 502 => "modelStreamErrorException",
        >= 500 => "internalServerException",
        _ => "validationException",
    };

    /// <summary>The status of a stream's exception.</summary>
    public static int StatusOf(ReadOnlySpan<byte> exception) =>
        exception.SequenceEqual("throttlingException"u8) ? 429
        : exception.SequenceEqual("validationException"u8) ? 400
        : exception.SequenceEqual("modelStreamErrorException"u8) ? 424
        : exception.SequenceEqual("serviceUnavailableException"u8) ? 503
        : 500;
}
