using System.Text.Json;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Bedrock;

/// <summary>Writes content blocks.</summary>
internal sealed class BedrockPartWriter(Utf8JsonWriter json, Issues issues)
{
    private int _documents;

    public void Write(Part part)
    {
        if (part is TextPart { Text.Length: 0 }) return;
        WriteBlock(part);
        if (part is not ThinkingPart) BedrockRequestWriter.WriteCachePoint(part.Cache, json);
    }

    private void WriteBlock(Part part)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("text", text.Text);
                break;
            case ImagePart image:
                WriteMedia("image", image.Media, BedrockFormats.ImageOf(image.Media.Type), null, image.Origin);
                break;
            case DocumentPart document:
                WriteMedia(
                    "document",
                    document.Media,
                    BedrockFormats.DocumentOf(document.Media.Type),
                    BedrockFormats.NameOf(document.Name, ++_documents),
                    document.Origin);
                break;
            case ToolCallPart call:
                json.WriteStartObject("toolUse");
                json.WriteString("toolUseId", call.Id);
                json.WriteString("name", call.Name);
                json.WritePropertyName("input");
                ToolArguments.Write(call, json, issues);
                json.WriteEndObject();
                break;
            case ToolResultPart result:
                WriteResult(result);
                break;
            case ThinkingPart thinking:
                BedrockThinking.Write(thinking, json);
                break;
        }

        json.WriteEndObject();
    }

    private void WriteResult(ToolResultPart result)
    {
        json.WriteStartObject("toolResult");
        json.WriteString("toolUseId", result.CallId);
        json.WriteStartArray("content");
        foreach (var part in result.Content) WriteBlock(part);
        json.WriteEndArray();
        if (result.IsError) json.WriteString("status", "error");
        json.WriteEndObject();
    }

    private void WriteMedia(string kind, Media media, string? format, string? name, JsonPath? origin)
    {
        if (media.Url is not null) issues.Unsupported(origin, "is given by address, and the provider's format does not support addresses");
        else if (format is null) issues.Unsupported(origin, $"is of type {media.Type}, which the provider's format does not support");
        json.WriteStartObject(kind);
        json.WriteString("format", format);
        json.WriteIfGiven("name", name);
        json.WriteStartObject("source");
        json.WriteString("bytes", media.Base64);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
