using Lava.Core.Translation.Anthropic;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.OpenAi;

/// <summary>Reads the messages of a chat.</summary>
internal static class ChatMessageReader
{
    public static void Read(JsonView message, List<TextPart> system, List<Turn> turns)
    {
        if (!message.IsGivenObject()) return;
        switch (message["role"].RequiredText())
        {
            case "system" or "developer":
                foreach (var part in ReadMarked(message)) system.Add(part as TextPart ?? NotText(message["content"]));
                break;
            case "user":
                turns.Add(new Turn(false, ReadMarked(message)));
                break;
            case "assistant":
                turns.Add(new Turn(true, ReadAssistant(message)));
                break;
            case "tool":
                AddResult(message, turns);
                break;
            case "function":
                message["role"].Refuse("is the old form of a tool's answer, which is not translated");
                break;
            case "":
                break;
            default:
                message["role"].Malformed("must be system, developer, user, assistant or tool");
                break;
        }
    }

    private static TextPart NotText(JsonView content)
    {
        content.Malformed("must be text");
        return new TextPart("");
    }

    private static List<Part> ReadAssistant(JsonView message)
    {
        message["audio"].RefuseIfGiven("is audio, which is not translated");
        message["function_call"].RefuseIfGiven("is the old form of tool_calls, which is not translated");
        var parts = new List<Part>();
        if (message["reasoning_content", "reasoning"] is { IsString: true } thoughts) parts.Add(new ThinkingPart(thoughts.RequiredText(), null));
        parts.AddRange(ReadContent(message["content"]));
        if (message["refusal"].Text() is { Length: > 0 } refusal) parts.Add(new TextPart(refusal));
        foreach (var call in message["tool_calls"].Items())
        {
            if (call["type"].Text() is not (null or "function" or "custom"))
                call["type"].Refuse("is not a call of a function or a custom tool, so it is not translated");
            var isCustom = call["type"].Text() == "custom";
            var tool = call[OpenAiTools.TypeOf(isCustom)];
            var arguments = tool[isCustom ? "input" : "arguments"];
            parts.Add(new ToolCallPart(call["id"].RequiredText(), tool["name"].RequiredText(), arguments.Text() ?? "")
            {
                Origin = arguments.Path,
                IsCustom = isCustom,
                Signature = call["extra_content"]["google"]["thought_signature"].Text(),
            });
        }

        return parts;
    }

    /// <summary>Adds a tool's answer; the answers to one turn of calls are one turn.</summary>
    private static void AddResult(JsonView message, List<Turn> turns)
    {
        var result = new ToolResultPart(
            message["tool_call_id"].RequiredText(),
            ReadContent(message["content"]),
            false) { Origin = message["tool_call_id"].Path };
        if (turns.Count > 0 && turns[^1] is { IsAssistant: false, Parts: [ToolResultPart, ..] and List<Part> results }) results.Add(result);
        else turns.Add(new Turn(false, new List<Part> { result }));
    }

    private static List<Part> ReadContent(JsonView content)
    {
        if (!content.Exists) return [];
        if (content.IsString) return content.RequiredText() is { Length: > 0 } text ? [new TextPart(text)] : [];
        return [.. content.Items().Select(ReadPart).OfType<Part>()];
    }

    /// <summary>A message's content with its mark for Anthropic's cache, which clients put beside it or on its parts.</summary>
    private static List<Part> ReadMarked(JsonView message)
    {
        var parts = ReadContent(message["content"]);
        if (parts.Count > 0 && AnthropicRequestReader.ReadCache(message) is var mark and not CacheMark.None) parts[^1] = parts[^1] with { Cache = mark };
        return parts;
    }

    private static Part? ReadPart(JsonView part)
    {
        if (!part.IsGivenObject()) return null;
        return ReadPlain(part) is { } plain ? plain with { Cache = AnthropicRequestReader.ReadCache(part) } : null;
    }

    private static Part? ReadPlain(JsonView part)
    {
        switch (part["type"].RequiredText())
        {
            case "text": return new TextPart(part["text"].RequiredText());
            case "refusal": return new TextPart(part["refusal"].RequiredText());
            case "image_url":
                var image = part["image_url"];
                if (Media.OfUrl(image["url"].RequiredText()) is { } picture)
                    return new ImagePart(picture, image["detail"].Text()) { Origin = image["url"].Path };
                image["url"].Malformed("is a data URL without base64");
                return null;
            case "file": return ReadFile(part["file"]);

            // Anthropic's blocks, which Cursor has in chats with models of Claude's name.
            case "tool_use":
                return new ToolCallPart(
                    part["id"].RequiredText(),
                    part["name"].RequiredText(),
                    part["input"].IsObject ? JsonText.Compact(part["input"].Value) : "{}") { Origin = part["input"].Path };
            case "tool_result":
                return new ToolResultPart(
                    part["tool_use_id"].RequiredText(),
                    ReadContent(part["content"]),
                    part["is_error"].Flag() ?? false) { Origin = part["tool_use_id"].Path };
            case "input_audio":
                part["type"].Refuse("is audio, which is not translated");
                return null;
            case "":
                return null;
            default:
                part["type"].Refuse("is a kind of content that is not translated");
                return null;
        }
    }

    private static DocumentPart? ReadFile(JsonView file)
    {
        file["file_id"].RefuseIfGiven("names a file that is stored at one provider, so others cannot read it");
        var data = file["file_data"];
        if (!data.Exists) return null;
        if (Media.OfUrl(data.RequiredText()) is { Base64: not null } media) return new DocumentPart(media, file["filename"].Text()) { Origin = data.Path };
        data.Malformed("must be a data URL with base64");
        return null;
    }
}
