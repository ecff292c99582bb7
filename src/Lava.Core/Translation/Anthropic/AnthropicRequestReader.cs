using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Anthropic;

/// <summary>Reads a request for a message. What is not named here (<c>service_tier</c>, <c>context_management</c>, <c>inference_geo</c>) changes no answer's
/// meaning and is left out.</summary>
internal static class AnthropicRequestReader
{
    public static Conversation Read(JsonView body)
    {
        if (!body.IsGivenObject()) return new Conversation();
        body["container"].RefuseIfGiven("asks for a container that the provider would host, which is not translated");
        if (body["mcp_servers"].IsArray && body["mcp_servers"].Value.GetArrayLength() > 0)
            body["mcp_servers"].Refuse("asks for tools that the provider would call, which is not translated");
        var messages = body["messages"];
        if (!messages.Exists) messages.Malformed("is missing");
        var choice = body["tool_choice"];
        choice.IsOptionalObject();
        var metadata = body["metadata"];
        metadata.IsOptionalObject();
        return new Conversation
        {
            Model = body["model"].Text() ?? "",
            System = [.. ReadSystem(body["system"]), .. messages.Items().Where(IsSystem).SelectMany(message => ReadSystem(message["content"]))],
            Turns = [.. messages.Items().Where(message => !IsSystem(message)).Select(ReadMessage)],
            Tools = [.. body["tools"].Items().Select(ReadTool).OfType<Tool>()],
            ToolChoice = ReadChoice(choice),
            ParallelTools = choice["disable_parallel_tool_use"].Flag() is { } isDisabled ? !isDisabled : null,
            MaxTokens = body["max_tokens"].Whole(),
            Stop = body["stop_sequences"].Texts(),
            Temperature = body["temperature"].Number(),
            TopP = body["top_p"].Number(),
            TopK = body["top_k"].Whole(),
            Output = ReadOutput(body["output_config"]["format"], body["output_format"]),
            Reasoning = ReadThinking(body["thinking"], body["output_config"]["effort"]),
            User = metadata["user_id"].Text(),
            Stream = body["stream"].Flag() ?? false,
        };
    }

    public static CacheMark ReadCache(JsonView part)
    {
        var cache = part["cache_control"];
        return !cache.IsObject ? CacheMark.None : cache["ttl"].Text() == "1h" ? CacheMark.Long : CacheMark.Short;
    }

    private static List<TextPart> ReadSystem(JsonView system)
    {
        if (!system.Exists) return [];
        if (system.IsString) return system.RequiredText() is { Length: > 0 } text ? [new TextPart(text)] : [];
        var parts = new List<TextPart>();
        foreach (var part in system.Items())
        {
            if (AnthropicPartReader.Read(part) is TextPart text) parts.Add(text);
            else part.Malformed("must be text");
        }

        return parts;
    }

    // Agents put instructions between the turns too; the other formats take them all at the beginning.
    private static bool IsSystem(JsonView message) => message.IsObject && message["role"].Text() == "system";

    private static Turn ReadMessage(JsonView message)
    {
        if (!message.IsGivenObject()) return new Turn(false, []);
        var role = message["role"].RequiredText();
        if (role is not ("user" or "assistant")) message["role"].Malformed("must be user or assistant");
        return new Turn(role == "assistant", AnthropicPartReader.ReadContent(message["content"]));
    }

    private static Tool? ReadTool(JsonView tool)
    {
        if (!tool.IsGivenObject()) return null;
        if (tool["type"].Text() is not (null or "custom"))
        {
            tool["type"].Refuse("is a tool of the provider's own, which is not translated");
            return null;
        }

        var schema = tool["input_schema"];
        schema.IsOptionalObject();
        return new Tool(
            tool["name"].RequiredText(),
            tool["description"].Text(),
            schema.Exists ? schema.Value : default) { Strict = tool["strict"].Flag(), Cache = ReadCache(tool) };
    }

    private static ToolChoice ReadChoice(JsonView choice)
    {
        if (!choice.Exists) return default;
        switch (choice["type"].Text())
        {
            case "auto": return new ToolChoice(ToolChoiceKind.Auto);
            case "none": return new ToolChoice(ToolChoiceKind.None);
            case "any": return new ToolChoice(ToolChoiceKind.Any);
            case "tool": return new ToolChoice(ToolChoiceKind.Named, choice["name"].RequiredText());
            default:
                choice["type"].Malformed("must be auto, any, tool or none");
                return default;
        }
    }

    private static OutputShape? ReadOutput(JsonView format, JsonView older)
    {
        if (!format.Exists) format = older;
        if (!format.IsOptionalObject()) return null;
        if (format["type"].Text() != "json_schema")
        {
            format["type"].Refuse("is a response format that is not translated");
            return null;
        }

        format["schema"].IsGivenObject();
        return new OutputShape(format["schema"].Value);
    }

    private static Reasoning? ReadThinking(JsonView thinking, JsonView effort)
    {
        if (!thinking.IsOptionalObject()) return null;
        var isShown = thinking["display"].Text() == "summarized";
        switch (thinking["type"].Text())
        {
            case "disabled": return new Reasoning(null, 0);
            case "enabled": return new Reasoning(null, thinking["budget_tokens"].Whole()) { IsShown = isShown };
            case "adaptive": return new Reasoning(effort.Text() is { } word ? Reasoning.EffortOf(word) : null, null) { IsShown = isShown };
            default:
                thinking["type"].Malformed("must be enabled, adaptive or disabled");
                return null;
        }
    }
}
