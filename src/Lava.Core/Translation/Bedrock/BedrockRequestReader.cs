using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Bedrock;

/// <summary>Reads a Converse request. What is not named here (<c>requestMetadata</c>, <c>performanceConfig</c>, <c>additionalModelResponseFieldPaths</c>) is
/// left out.</summary>
internal static class BedrockRequestReader
{
    public static Conversation Read(JsonView body)
    {
        if (!body.IsGivenObject()) return new Conversation();
        body["guardrailConfig"].RefuseIfGiven("asks for a guardrail of Amazon's, which is not translated");
        body["promptVariables"].RefuseIfGiven("fills in a prompt that is stored at Amazon, which is not translated");
        var messages = body["messages"];
        if (!messages.Exists) messages.Malformed("is missing");
        var config = body["inferenceConfig"];
        config.IsOptionalObject();
        var fields = body["additionalModelRequestFields"];
        fields.IsOptionalObject();
        return new Conversation
        {
            Model = body["modelId"].Text() ?? "",
            System = ReadSystem(body["system"]),
            Turns = [.. messages.Items().Select(ReadMessage)],
            Tools = ReadTools(body["toolConfig"]["tools"]),
            ToolChoice = ReadChoice(body["toolConfig"]["toolChoice"]),
            MaxTokens = config["maxTokens"].Whole(),
            Stop = config["stopSequences"].Texts(),
            Temperature = config["temperature"].Number(),
            TopP = config["topP"].Number(),
            TopK = fields["top_k"].Whole(),
            Output = ReadOutput(body["outputConfig"]["textFormat"]),
            Reasoning = ReadThinking(fields["thinking"]),
        };
    }

    private static List<TextPart> ReadSystem(JsonView system)
    {
        var texts = new List<TextPart>();
        foreach (var part in BedrockPartReader.ReadContent(system))
        {
            if (part is TextPart text) texts.Add(text);
            else system.Malformed("must be text");
        }

        return texts;
    }

    private static Turn ReadMessage(JsonView message)
    {
        if (!message.IsGivenObject()) return new Turn(false, []);
        var role = message["role"].RequiredText();
        if (role is not ("user" or "assistant")) message["role"].Malformed("must be user or assistant");
        return new Turn(role == "assistant", BedrockPartReader.ReadContent(message["content"]));
    }

    private static List<Tool> ReadTools(JsonView list)
    {
        var tools = new List<Tool>();
        foreach (var tool in list.Items())
        {
            if (tool["cachePoint"].Exists)
            {
                if (tools.Count > 0) tools[^1] = tools[^1] with { Cache = BedrockPartReader.ReadCache(tool["cachePoint"]) };
                continue;
            }

            var spec = tool["toolSpec"];
            if (!spec.Exists)
            {
                tool.Refuse("is a tool of the provider's own, which is not translated");
                continue;
            }

            var schema = spec["inputSchema"]["json"];
            schema.IsOptionalObject();
            tools.Add(new Tool(
                spec["name"].RequiredText(),
                spec["description"].Text(),
                schema.Exists ? schema.Value : default) { Strict = spec["strict"].Flag() });
        }

        return tools;
    }

    private static ToolChoice ReadChoice(JsonView choice)
    {
        if (!choice.IsOptionalObject()) return default;
        if (choice["auto"].Exists) return new ToolChoice(ToolChoiceKind.Auto);
        if (choice["any"].Exists) return new ToolChoice(ToolChoiceKind.Any);
        if (choice["tool"].Exists) return new ToolChoice(ToolChoiceKind.Named, choice["tool"]["name"].RequiredText());
        choice.Malformed("must be auto, any or tool");
        return default;
    }

    /// <summary>Reads the schema of the answer, which is text there.</summary>
    private static OutputShape? ReadOutput(JsonView format)
    {
        if (!format.IsOptionalObject()) return null;
        var schema = format["structure"]["jsonSchema"];
        if (format["type"].Text() != "json_schema" || JsonText.TryParse(schema["schema"].Text() ?? "") is not { } document)
        {
            format.Refuse("is a response format that is not translated");
            return null;
        }

        using (document) return new OutputShape(document.RootElement.Clone(), schema["name"].Text());
    }

    private static Reasoning? ReadThinking(JsonView thinking)
    {
        if (!thinking.IsOptionalObject()) return null;
        return thinking["type"].Text() switch
        {
            "disabled" => new Reasoning(null, 0),
            "enabled" => new Reasoning(null, thinking["budget_tokens"].Whole()) { IsShown = thinking["display"].Text() == "summarized" },
            _ => new Reasoning(null, null) { IsShown = thinking["display"].Text() == "summarized" },
        };
    }
}
