using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Responses;

namespace Lava.Core.Translation.OpenAi;

/// <summary>Reads a chat completion's request. What is not named here (<c>logprobs</c>, <c>logit_bias</c>, <c>store</c>, <c>metadata</c>, <c>service_tier</c>)
/// changes no answer's meaning and is left out (behaviour.md §3.3).</summary>
internal static class ChatRequestReader
{
    public static Conversation Read(JsonView body)
    {
        if (!body.IsGivenObject()) return new Conversation();
        if (IsForResponse(body)) return ReadForResponse(body);
        RefuseWhatNoneCarries(body);
        var system = new List<TextPart>();
        var turns = new List<Turn>();
        var messages = body["messages"];
        if (!messages.Exists) messages.Malformed("is missing");
        foreach (var message in messages.Items()) ChatMessageReader.Read(message, system, turns);
        List<Tool> tools = [.. body["tools"].Items().Select(OpenAiTools.Read).OfType<Tool>()];
        return new Conversation
        {
            Model = body["model"].Text() ?? "",
            System = system,
            Turns = CustomTools.Recall(turns, tools),
            Tools = tools,
            ToolChoice = OpenAiTools.ReadChoice(body["tool_choice"]),
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
            IncludeUsage = ReadIncludeUsage(body),
            CustomAsFunctions = OpenAiTools.HasFlatCustom(body["tools"]),
        };
    }

    private static void RefuseWhatNoneCarries(JsonView body)
    {
        if (body["n"].Whole() > 1) body["n"].Refuse("asks for more than one answer, which the provider's format does not support");
        body["audio"].RefuseIfGiven("asks for audio, which is not translated");
        foreach (var modality in body["modalities"].Items())
        {
            if (modality.Text() is not (null or "text")) body["modalities"].Refuse("asks for more than text, which is not translated");
        }

        body["functions"].RefuseIfGiven("is the old form of tools, which is not translated");
        body["function_call"].RefuseIfGiven("is the old form of tool_choice, which is not translated");
        body["web_search_options"].RefuseIfGiven("asks for a tool that the provider would host, which is not translated");
    }

    /// <summary>Whether a body is one for a response, as Cursor's agent sends them to this endpoint.</summary>
    private static bool IsForResponse(JsonView body) =>
        body["input"].Exists && (!body["messages"].Exists || (body["messages"].IsArray && body["messages"].Value.GetArrayLength() == 0));

    /// <summary>Reads such a body; what chat has in another place than Responses is read there too.</summary>
    private static Conversation ReadForResponse(JsonView body)
    {
        body.Issues.Names = ResponsesDialect.FieldNames;
        var conversation = ResponsesRequestReader.Read(body);
        return conversation with
        {
            MaxTokens = conversation.MaxTokens ?? body["max_completion_tokens", "max_tokens"].Whole(),
            Reasoning = conversation.Reasoning ?? OpenAiFields.ReadEffort(body["reasoning_effort"]),
            IncludeUsage = ReadIncludeUsage(body),
            CustomAsFunctions = true,
        };
    }

    private static bool ReadIncludeUsage(JsonView body) =>
        body["stream_options"].IsOptionalObject() && (body["stream_options"]["include_usage"].Flag() ?? false);

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
                format["type"].Refuse("is a response format that is not translated");
                return null;
        }
    }
}
