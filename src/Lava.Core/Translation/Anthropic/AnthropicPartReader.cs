using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Anthropic;

/// <summary>Reads the content blocks of a request.</summary>
internal static class AnthropicPartReader
{
    public static List<Part> ReadContent(JsonView content)
    {
        if (content.IsString) return content.RequiredText() is { Length: > 0 } text ? [new TextPart(text)] : [];
        return [.. content.Items().Select(Read).OfType<Part>()];
    }

    public static Part? Read(JsonView block)
    {
        if (!block.IsGivenObject()) return null;
        var part = ReadBlock(block);
        return part is null ? null : part with { Cache = AnthropicRequestReader.ReadCache(block) };
    }

    private static Part? ReadBlock(JsonView block)
    {
        switch (block["type"].RequiredText())
        {
            case "text": return new TextPart(block["text"].RequiredText());
            case "image": return ReadSource(block["source"]) is { } image ? new ImagePart(image) { Origin = block["source"].Path } : null;
            case "document": return ReadDocument(block);
            case "tool_use":
                block["input"].IsGivenObject();
                return new ToolCallPart(
                    block["id"].RequiredText(),
                    block["name"].RequiredText(),
                    block["input"].IsObject ? JsonText.Compact(block["input"].Value) : "{}") { Origin = block["input"].Path };
            case "tool_result":
                return new ToolResultPart(
                    block["tool_use_id"].RequiredText(),
                    ReadContent(block["content"]),
                    block["is_error"].Flag() ?? false) { Origin = block["tool_use_id"].Path };
            case "thinking": return new ThinkingPart(block["thinking"].Text() ?? "", block["signature"].Text() is { Length: > 0 } signature ? signature : null);
            case "redacted_thinking": return new ThinkingPart("", null, block["data"].RequiredText());
            case "":
                return null;
            default:
                block["type"].Refuse("is content or a provider's own tool that is not translated");
                return null;
        }
    }

    private static DocumentPart? ReadDocument(JsonView block)
    {
        var source = block["source"];
        var name = block["title"].Text();
        if (source["type"].Text() == "content")
        {
            // A document made of blocks; their text is what it says.
            var texts = ReadContent(source["content"]);
            if (texts.All(part => part is TextPart)) return OfText(string.Join("\n", texts.Cast<TextPart>().Select(part => part.Text)), name, source);
            source["content"].Refuse("is a document with pictures, which is not translated");
            return null;
        }

        if (source["type"].Text() == "text") return OfText(source["data"].RequiredText(), name, source);
        return ReadSource(source) is { } media
            ? new DocumentPart(media.Url is null ? media : media with { Type = "application/pdf" }, name) { Origin = source.Path }
            : null;
    }

    private static DocumentPart OfText(string text, string? name, JsonView source) =>
        new(new Media("text/plain", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text)), null), name) { Origin = source.Path };

    private static Media? ReadSource(JsonView source)
    {
        if (!source.IsGivenObject()) return null;
        switch (source["type"].RequiredText())
        {
            case "base64": return new Media(source["media_type"].RequiredText(), source["data"].RequiredText(), null);
            case "url": return new Media(null, null, source["url"].RequiredText());
            case "":
                return null;
            default:
                source["type"].Refuse("names a file that is stored at one provider, so others cannot read it");
                return null;
        }
    }
}
