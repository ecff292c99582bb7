using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.OpenAi;

namespace Lava.Core.Translation.Responses;

/// <summary>Reads the items of a conversation. Items of one side that follow each other are one turn.</summary>
internal static class ResponsesItemReader
{
    /// <summary>Why a reference cannot be followed, and what to do instead.</summary>
    private const string NotStored =
        "names an item that is not kept here. If another provider keeps it, this model cannot read it. Send the item itself: with store set to false, SDKs do "
            + "(the Vercel AI SDK: providerOptions.openai.store)";

    public static void Read(JsonView item, List<TextPart> system, List<Turn> turns, List<Tool> tools)
    {
        if (!item.IsGivenObject()) return;
        switch (item["type"].Text())
        {
            case "function_call":
                Add(
                    turns,
                    true,
                    [new ToolCallPart(
                        item["call_id"].RequiredText(),
                        ToolNamespace.Join(item["namespace"].Text(), item["name"].RequiredText()),
                        item["arguments"].Text() ?? "") { Origin = item["arguments"].Path }]);
                break;
            case "custom_tool_call":
                Add(
                    turns,
                    true,
                    [new ToolCallPart(
                        item["call_id"].RequiredText(),
                        ToolNamespace.Join(item["namespace"].Text(), item["name"].RequiredText()),
                        item["input"].Text() ?? "") { Origin = item["input"].Path, IsCustom = true }]);
                break;
            case "function_call_output" or "custom_tool_call_output":
                Add(turns, false, [new ToolResultPart(item["call_id"].RequiredText(), ReadContent(item["output"]), false) { Origin = item["call_id"].Path }]);
                break;
            case "additional_tools":
                OpenAiTools.AddAll(item["tools"], tools);
                break;
            case "reasoning":
                var summary = string.Join("\n\n", item["summary"].Items().Select(part => part["text"].Text()));
                if (summary.Length > 0) Add(turns, true, [new ThinkingPart(summary, null)]);
                break;
            case null when item["id"].IsString && !item["role"].Exists:
            case "item_reference":
                // Earlier reasoning goes to no other provider, so that nothing is lost with a reference to it.
                if (item["id"].Text()?.StartsWith("rs_", StringComparison.Ordinal) != true) item["id"].Refuse(NotStored);
                break;
            case null or "message":
                ReadMessage(item, system, turns);
                break;
            default:
                item["type"].Refuse("is an item or a provider's own tool that is not translated");
                break;
        }
    }

    private static void ReadMessage(JsonView item, List<TextPart> system, List<Turn> turns)
    {
        var content = ReadContent(item["content"]);
        switch (item["role"].RequiredText())
        {
            case "system" or "developer":
                foreach (var part in content)
                {
                    if (part is TextPart text) system.Add(text);
                    else item["content"].Malformed("must be text");
                }

                break;
            case "user":
                Add(turns, false, content);
                break;
            case "assistant":
                Add(turns, true, content);
                break;
            case "":
                break;
            default:
                item["role"].Malformed("must be system, developer, user or assistant");
                break;
        }
    }

    private static void Add(List<Turn> turns, bool isAssistant, List<Part> parts)
    {
        if (turns.Count > 0 && turns[^1] is var last && last.IsAssistant == isAssistant && last.Parts is List<Part> before) before.AddRange(parts);
        else turns.Add(new Turn(isAssistant, parts));
    }

    private static List<Part> ReadContent(JsonView content)
    {
        if (content.IsString) return content.RequiredText() is { Length: > 0 } text ? [new TextPart(text)] : [];
        return [.. content.Items().Select(ReadPart).OfType<Part>()];
    }

    private static Part? ReadPart(JsonView part)
    {
        if (!part.IsGivenObject()) return null;
        switch (part["type"].RequiredText())
        {
            case "input_text" or "output_text" or "text": return new TextPart(part["text"].RequiredText());
            case "refusal": return new TextPart(part["refusal"].RequiredText());
            case "input_image":
                part["file_id"].RefuseIfGiven("names a file that is stored at OpenAI, so other providers cannot read it");
                if (!part["image_url"].Exists) return null;
                if (Media.OfUrl(part["image_url"].RequiredText()) is { } image)
                    return new ImagePart(image, part["detail"].Text()) { Origin = part["image_url"].Path };
                part["image_url"].Malformed("is a data URL without base64");
                return null;
            case "input_file": return ReadFile(part);
            case "":
                return null;
            default:
                part["type"].Refuse("is a kind of content that is not translated");
                return null;
        }
    }

    private static DocumentPart? ReadFile(JsonView part)
    {
        part["file_id"].RefuseIfGiven("names a file that is stored at OpenAI, so other providers cannot read it");
        if (part["file_url"] is { Exists: true } url)
            return new DocumentPart(new Media("application/pdf", null, url.RequiredText()), part["filename"].Text()) { Origin = url.Path };
        var data = part["file_data"];
        if (!data.Exists) return null;
        if (Media.OfUrl(data.RequiredText()) is { Base64: not null } media) return new DocumentPart(media, part["filename"].Text()) { Origin = data.Path };
        data.Malformed("must be a data URL with base64");
        return null;
    }
}
