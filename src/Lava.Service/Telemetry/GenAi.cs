using Lava.Core.Catalogue;

namespace Lava.Service.Telemetry;

/// <summary>Names of OpenTelemetry's conventions for generative AI (open-telemetry/semantic-conventions-genai, status: development), as far as the gateway uses
/// them.</summary>
internal static class GenAi
{
    public const string Operation = "gen_ai.operation.name";
    public const string Provider = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestStream = "gen_ai.request.stream";
    public const string ResponseModel = "gen_ai.response.model";
    public const string ResponseId = "gen_ai.response.id";
    public const string TimeToFirstChunk = "gen_ai.response.time_to_first_chunk";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string CacheWriteTokens = "gen_ai.usage.cache_creation.input_tokens";
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string ErrorType = "error.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string HttpStatus = "http.response.status_code";

    /// <summary>The conventions' name of an operation; one of ours where they have none.</summary>
    public static string OperationOf(ProviderEndpoint endpoint) => endpoint.Kind switch
    {
        EndpointKind.Chat => endpoint.Format == WireFormat.Gemini ? "generate_content" : "chat",
        EndpointKind.Completion => "text_completion",
        EndpointKind.Embeddings => "embeddings",
        EndpointKind.Speech => "speech",
        EndpointKind.Transcription => "transcription",
        EndpointKind.Images => "image_generation",
        EndpointKind.Moderation => "moderation",
        EndpointKind.Rerank => "rerank",
        EndpointKind.CountTokens => "count_tokens",
        EndpointKind.Metadata => "metadata",
        EndpointKind.Files => "files",
        EndpointKind.Batches => "batches",
        EndpointKind.BatchResults => "batch_results",
        _ => "api",
    };

    /// <summary>The conventions' name of a provider; the catalogue's where they have none.</summary>
    public static string ProviderOf(CatalogueProvider provider) => provider.Id switch
    {
        "bedrock" => "aws.bedrock",
        "google" or "google_openai_compatible" => "gcp.gemini",
        "mistral" => "mistral_ai",
        "moonshot" => "moonshot_ai",
        "xai" => "x_ai",
        var id => id,
    };
}
