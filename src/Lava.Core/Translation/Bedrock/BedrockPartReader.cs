using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Bedrock;

/// <summary>Reads content blocks. A cache point stands after what it keeps.</summary>
internal static class BedrockPartReader
{
    public static List<Part> ReadContent(JsonView content)
    {
        var parts = new List<Part>();
        foreach (var block in content.Items())
        {
            if (!block.IsGivenObject()) continue;
            if (block["cachePoint"].Exists)
            {
                if (parts.Count > 0) parts[^1] = parts[^1] with { Cache = ReadCache(block["cachePoint"]) };
            }
            else if (Read(block) is { } part) parts.Add(part);
        }

        return parts;
    }

    public static CacheMark ReadCache(JsonView point) => point["ttl"].Text() == "1h" ? CacheMark.Long : CacheMark.Short;

    private static Part? Read(JsonView block)
    {
        if (block["text"].Exists) return new TextPart(block["text"].RequiredText());
        if (block["image"] is { Exists: true } image)
        {
            return ReadBytes(image) is { } bytes
                ? new ImagePart(new Media($"image/{image["format"].RequiredText()}", bytes, null)) { Origin = image.Path }
                : null;
        }
        if (block["document"] is { Exists: true } document) return ReadDocument(document);
        if (block["toolUse"] is { Exists: true } call)
        {
            call["input"].IsOptionalObject();
            return new ToolCallPart(
                call["toolUseId"].RequiredText(),
                call["name"].RequiredText(),
                call["input"].IsObject ? JsonText.Compact(call["input"].Value) : "{}") { Origin = call["input"].Path };
        }

        if (block["toolResult"] is { Exists: true } result)
            return new ToolResultPart(
                result["toolUseId"].RequiredText(),
                ReadResult(result["content"]),
                result["status"].Text() == "error") { Origin = result["toolUseId"].Path };
        if (block["reasoningContent"] is { Exists: true } thoughts)
        {
            if (thoughts["redactedContent"].Exists) return new ThinkingPart("", null, thoughts["redactedContent"].RequiredText());
            return new ThinkingPart(thoughts["reasoningText"]["text"].Text() ?? "", thoughts["reasoningText"]["signature"].Text());
        }

        block.Refuse("is a kind of content that is not translated");
        return null;
    }

    private static List<Part> ReadResult(JsonView content)
    {
        var parts = new List<Part>();
        foreach (var block in content.Items())
        {
            if (block["json"].Exists) parts.Add(new TextPart(JsonText.Compact(block["json"].Value)));
            else if (block.IsGivenObject() && Read(block) is { } part) parts.Add(part);
        }

        return parts;
    }

    private static DocumentPart? ReadDocument(JsonView document)
    {
        var format = document["format"].RequiredText();
        var name = document["name"].Text();
        if (document["source"]["text"] is { Exists: true } text)
            return new DocumentPart(
                new Media("text/plain", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text.RequiredText())), null),
                name) { Origin = document.Path };
        if (BedrockFormats.TypeOf(format) is { } type)
            return ReadBytes(document) is { } bytes ? new DocumentPart(new Media(type, bytes, null), name) { Origin = document.Path } : null;
        document["format"].Malformed("is not a document format");
        return null;
    }

    private static string? ReadBytes(JsonView media)
    {
        var bytes = media["source"]["bytes"];
        if (bytes.Exists) return bytes.RequiredText();
        media["source"].Refuse("is stored at Amazon and not in the body, so other providers cannot read it");
        return null;
    }
}
