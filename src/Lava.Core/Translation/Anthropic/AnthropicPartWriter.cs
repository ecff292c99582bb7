using System.Text.Json;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Anthropic;

/// <summary>Writes the content blocks of a request.</summary>
internal static class AnthropicPartWriter
{
    public static void Write(Part part, Utf8JsonWriter json, Issues issues)
    {
        // Anthropic refuses an empty text, which says nothing anyway.
        if (part is TextPart { Text.Length: 0 }) return;
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("type", "text");
                json.WriteString("text", text.Text);
                break;
            case ImagePart image:
                json.WriteString("type", "image");
                WriteSource(image.Media, json);
                break;
            case DocumentPart document:
                WriteDocument(document, json, issues);
                break;
            case ToolCallPart call:
                json.WriteString("type", "tool_use");
                json.WriteString("id", call.Id);
                json.WriteString("name", call.Name);
                json.WritePropertyName("input");
                ToolArguments.Write(call, json, issues);
                break;
            case ToolResultPart result:
                json.WriteString("type", "tool_result");
                json.WriteString("tool_use_id", result.CallId);
                json.WriteStartArray("content");
                foreach (var content in result.Content) Write(content, json, issues);
                json.WriteEndArray();
                if (result.IsError) json.WriteBoolean("is_error", true);
                break;
            case ThinkingPart thinking:
                AnthropicThinking.Write(thinking, json);
                break;
        }

        if (part is not ThinkingPart) AnthropicRequestWriter.WriteCache(part.Cache, json);
        json.WriteEndObject();
    }

    private static void WriteDocument(DocumentPart document, Utf8JsonWriter json, Issues issues)
    {
        json.WriteString("type", "document");
        var type = document.Media.Type;
        if (document.Media.Url is not null || type == "application/pdf") WriteSource(document.Media, json);
        else if (type?.StartsWith("text/", StringComparison.Ordinal) == true && Base64Text.TryDecode(document.Media.Base64, out var text))
        {
            json.WriteStartObject("source");
            json.WriteString("type", "text");
            json.WriteString("media_type", "text/plain");
            json.WriteString("data", text);
            json.WriteEndObject();
        }
        else issues.Unsupported(document.Origin, $"is a document of type {type}, and the provider's format takes only PDF and text");
        json.WriteIfGiven("title", document.Name);
    }

    private static void WriteSource(Media media, Utf8JsonWriter json)
    {
        json.WriteStartObject("source");
        json.WriteString("type", media.Url is null ? "base64" : "url");
        if (media.Url is not null) json.WriteString("url", media.Url);
        else
        {
            json.WriteString("media_type", media.Type);
            json.WriteString("data", media.Base64);
        }

        json.WriteEndObject();
    }
}
