using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.OpenAi;

/// <summary>Reads a chat completion's request. What is not named here (<c>logprobs</c>, <c>logit_bias</c>, <c>store</c>, <c>metadata</c>, <c>service_tier</c>) changes no answer's
/// meaning and is left out (behaviour.md §3.3).</summary>
internal static class ChatRequestReader
{
    public static Conversation Read(JsonView body)
    {
        if (!body.IsGivenObject()) return new Conversation();
        RefuseWhatNoneCarries(body);
        var system = new List<TextPart>();
        var turns = new List<Turn>();
        var messages = body["messages"];
        if (!messages.Exists) messages.Malformed("is missing");
        foreach (var message in messages.Items()) ChatMessageReader.Read(message, system, turns);
        var options = body["stream_options"];
        options.IsOptionalObject();
        return new Conversation
        {
            Model = body["model"].Text() ?? "",
            System = system,
            Turns = turns,
            Tools = [.. body["tools"].Items().Select(ReadTool).OfType<Tool>()],
            ToolChoice = OpenAiFields.ReadToolChoice(body["tool_choice"], body["tool_choice"]["function"]["name"]),
            ParallelTools = body["parallel_tool_calls"].Flag(),
            MaxTokens = body["max_completion_tokens", "max_tokens"].Whole(),
            Stop = body["stop"].Texts(),
            Temperature = body["temperature"].Number(),
            TopP = body["top_p"].Number(),
            FrequencyPenalty = body["frequency_penalty"].Number(),
            PresencePenalty = body["presence_penalty"].Number(),
            Seed = body["seed"].Whole(),
            Output = ReadOutput(body["response_format"]),
            Reasoning = OpenAiFields.ReadEffort(body["reasoning_effort"]),
            User = body["user"].Text() ?? body["safety_identifier"].Text(),
            Stream = body["stream"].Flag() ?? false,
            IncludeUsage = options["include_usage"].Flag() ?? false,
        };
    }

    private static void RefuseWhatNoneCarries(JsonView body)
    {
        if (body["n"].Whole() > 1) body["n"].Refuse("asks for more than one answer, which the provider's format has no way to give");
        body["audio"].RefuseIfGiven("asks for audio, which is not translated");
        foreach (var modality in body["modalities"].Items())
        {
            if (modality.Text() is not (null or "text")) body["modalities"].Refuse("asks for more than text, which is not translated");
        }

        body["functions"].RefuseIfGiven("is the old form of tools, which is not translated");
        body["function_call"].RefuseIfGiven("is the old form of tool_choice, which is not translated");
        body["web_search_options"].RefuseIfGiven("asks for a tool that the provider would host, which is not translated");
    }

    private static Tool? ReadTool(JsonView tool)
    {
        if (!tool.IsGivenObject()) return null;
        if (tool["type"].Text() is not (null or "function"))
        {
            tool["type"].Refuse("is a tool that the provider would host, or of another kind than function, which is not translated");
            return null;
        }

        var function = tool["function"];
        function.IsGivenObject();
        return OpenAiFields.ReadFunction(function);
    }

    private static OutputShape? ReadOutput(JsonView format)
    {
        if (!format.IsOptionalObject()) return null;
        switch (format["type"].RequiredText())
        {
            case "text" or "": return null;
            case "json_object": return new OutputShape(default);
            case "json_schema":
                var schema = format["json_schema"];
                schema["schema"].IsGivenObject();
                return new OutputShape(schema["schema"].Value, schema["name"].Text(), schema["strict"].Flag());
            default:
                format["type"].Refuse("is a form of answer that is not translated");
                return null;
        }
    }
}
