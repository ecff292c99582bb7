using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.OpenAi;

namespace Lava.Core.Translation.Responses;

/// <summary>Reads a request for a response. What is not named here (<c>include</c>, <c>metadata</c>, <c>truncation</c>, <c>service_tier</c>) is left
/// out.</summary>
internal static class ResponsesRequestReader
{
    public static Conversation Read(JsonView body)
    {
        if (!body.IsGivenObject()) return new Conversation();
        body["previous_response_id"].RefuseIfGiven(
            "names a response that is not kept here. If another provider keeps it, this model cannot read it. Send the conversation's items in input instead");
        body["conversation"].RefuseIfGiven("names a conversation that is stored at OpenAI, so other providers cannot read it");
        body["prompt"].RefuseIfGiven("names a prompt that is stored at OpenAI, so other providers cannot read it");
        if (body["background"].Flag() == true) body["background"].Refuse("asks for a later response, which is not translated");
        var system = new List<TextPart>();
        if (body["instructions"].Text() is { Length: > 0 } instructions) system.Add(new TextPart(instructions));
        var turns = new List<Turn>();
        var tools = new List<Tool>();
        OpenAiTools.AddAll(body["tools"], tools);
        var input = body["input"];
        if (!input.Exists) input.Malformed("is missing");
        if (input.IsString) turns.Add(new Turn(false, new List<Part> { new TextPart(input.RequiredText()) }));
        else
        {
            foreach (var item in input.Items()) ResponsesItemReader.Read(item, system, turns, tools);
        }

        return new Conversation
        {
            Model = body["model"].Text() ?? "",
            System = system,
            Turns = CustomTools.Recall(turns, tools),
            Tools = tools,
            ToolChoice = OpenAiTools.ReadChoice(body["tool_choice"]),
            ParallelTools = body["parallel_tool_calls"].Flag(),
            MaxTokens = body["max_output_tokens"].Whole(),
            Temperature = body["temperature"].Number(),
            TopP = body["top_p"].Number(),
            Output = ReadOutput(body["text"]["format"]),
            Reasoning = OpenAiFields.ReadEffort(body["reasoning"]["effort"], body["reasoning"]["summary"].Text() is not (null or "none")),
            User = body["user"].Text() ?? body["safety_identifier"].Text(),
            Stream = body["stream"].Flag() ?? false,
            Store = body["store"].Flag() ?? true,
            IncludeUsage = true,
        };
    }

    private static OutputShape? ReadOutput(JsonView format)
    {
        if (!format.IsOptionalObject()) return null;
        switch (format["type"].Text())
        {
            case null or "text": return null;
            case "json_object": return new OutputShape(default);
            case "json_schema":
                format["schema"].IsGivenObject();
                return new OutputShape(format["schema"].Value, format["name"].Text(), format["strict"].Flag());
            default:
                format["type"].Refuse("is a response format that is not translated");
                return null;
        }
    }
}
