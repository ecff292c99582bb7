using System.Text.Json.Nodes;
using Lava.Service.Sandbox.Dialects;
using Lava.Service.Sandbox.Strictness;

namespace Lava.Service.Sandbox;

/// <summary>Errors in each provider's own shape.</summary>
internal static class SandboxErrors
{
    public const string MidStream = "The sandbox was asked to fail here.";

    public static SandboxReply Reply(SandboxDialect dialect, int status, string message) => SandboxReply.Json(Body(dialect, status, message), status);

    /// <summary>What a provider refuses a request with.</summary>
    public static SandboxReply Reply(SandboxDialect dialect, SandboxRefusal refusal)
    {
        var body = Body(dialect, refusal.Status, refusal.Message);
        if (dialect == SandboxDialect.OpenAi && body["error"] is JsonObject error)
        {
            error["param"] = refusal.Field;
            error["code"] = refusal.Code;
        }

        if (dialect == SandboxDialect.ElevenLabs && refusal.Code is not null) body["detail"]!["status"] = refusal.Code;

        return SandboxReply.Json(body, refusal.Status);
    }

    public static JsonObject Body(SandboxDialect dialect, int status, string message) => dialect switch
    {
        SandboxDialect.Anthropic => new JsonObject
        {
            ["type"] = "error", ["error"] = new JsonObject { ["type"] = AnthropicType(status), ["message"] = message }, ["request_id"] = "req_011sandbox",
        },
        SandboxDialect.Gemini => new JsonObject { ["error"] = new JsonObject { ["code"] = status, ["message"] = message, ["status"] = GeminiStatus(status) } },
        SandboxDialect.Bedrock => new JsonObject { ["message"] = message },
        SandboxDialect.Cohere => new JsonObject { ["message"] = message },
        SandboxDialect.Jina or SandboxDialect.Voyage => new JsonObject { ["detail"] = message },
        SandboxDialect.ElevenLabs => new JsonObject { ["detail"] = new JsonObject { ["status"] = ElevenLabsStatus(status), ["message"] = message } },
        _ =>
            new JsonObject
            {
                ["error"] = new JsonObject { ["message"] = message, ["type"] = OpenAiType(status), ["param"] = null, ["code"] = OpenAiCode(status) },
            },
    };

    /// <summary>What Bedrock says in <c>x-amzn-errortype</c>.</summary>
    public static string BedrockType(int status) => status switch
    {
        403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        408 => "ModelTimeoutException",
        424 => "ModelErrorException",
        429 => "ThrottlingException",
        503 => "ServiceUnavailableException",
        >= 500 => "InternalServerException",
        _ => "ValidationException",
    };

    private static string OpenAiType(int status) => status switch { 429 => "rate_limit_error", >= 500 => "server_error", _ => "invalid_request_error" };

    private static string? OpenAiCode(int status) => status switch { 401 =>
        "invalid_api_key", 404 => "model_not_found", 429 => "rate_limit_exceeded", _ => null };

    private static string AnthropicType(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };

    private static string GeminiStatus(int status) => status switch
    {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        409 => "ABORTED",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        501 => "UNIMPLEMENTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        >= 500 => "INTERNAL",
        _ => "FAILED_PRECONDITION",
    };

    private static string ElevenLabsStatus(int status) => status switch
    {
        401 => "invalid_api_key", 404 => "voice_not_found", 429 => "too_many_concurrent_requests", >= 500 => "internal_error", _ => "invalid_request",
    };
}
