using System.Text.Json;

namespace Lava.Core.Formats.Requests;

/// <summary>Tells members by their names.</summary>
internal static class PromptMembers
{
    /// <summary>The member at whose name the reader stands.</summary>
    public static PromptMember Of(ref Utf8JsonReader reader) => reader.ValueSpan.Length switch
    {
        3 when reader.ValueTextEquals("url"u8) || reader.ValueTextEquals("uri"u8) => PromptMember.Url,
        4 when reader.ValueTextEquals("type"u8) => PromptMember.Type,
        4 when reader.ValueTextEquals("data"u8) => PromptMember.Data,
        4 when reader.ValueTextEquals("name"u8) => PromptMember.Name,
        5 when reader.ValueTextEquals("bytes"u8) => PromptMember.Data,
        6 when reader.ValueTextEquals("source"u8) => PromptMember.Source,
        7 when reader.ValueTextEquals("fileUri"u8) || reader.ValueTextEquals("file_id"u8) => PromptMember.FileReference,
        8 when reader.ValueTextEquals("max_uses"u8) => PromptMember.MostUses,
        8 when reader.ValueTextEquals("file_uri"u8) || reader.ValueTextEquals("file_url"u8) => PromptMember.FileReference,
        9 when reader.ValueTextEquals("image_url"u8) || reader.ValueTextEquals("video_url"u8) => PromptMember.Image,
        9 when reader.ValueTextEquals("file_data"u8) => PromptMember.FileData,
        9 when reader.ValueTextEquals("maxTokens"u8) => PromptMember.MaxOutput,
        10 when reader.ValueTextEquals("inlineData"u8) || reader.ValueTextEquals("s3Location"u8) => PromptMember.Source,
        11 when reader.ValueTextEquals("inline_data"u8) || reader.ValueTextEquals("input_audio"u8) => PromptMember.Source,
        11 when reader.ValueTextEquals("temperature"u8) => PromptMember.Temperature,
        13 when reader.ValueTextEquals("include_usage"u8) => PromptMember.IncludeUsage,
        14 when reader.ValueTextEquals("stream_options"u8) => PromptMember.StreamOptions,
        14 when reader.ValueTextEquals("candidateCount"u8) => PromptMember.Candidates,
        15 when reader.ValueTextEquals("inferenceConfig"u8) => PromptMember.GenerationConfig,
        15 when reader.ValueTextEquals("maxOutputTokens"u8) => PromptMember.MaxOutput,
        15 when reader.ValueTextEquals("candidate_count"u8) => PromptMember.Candidates,
        16 when reader.ValueTextEquals("generationConfig"u8) => PromptMember.GenerationConfig,
        17 when reader.ValueTextEquals("generation_config"u8) => PromptMember.GenerationConfig,
        17 when reader.ValueTextEquals("max_output_tokens"u8) => PromptMember.MaxOutput,
        _ => PromptMember.Other,
    };
}
