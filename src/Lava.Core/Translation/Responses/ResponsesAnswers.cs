using System.Text.Json;
using Lava.Core.Formats.UsageReaders;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Responses;

/// <summary>Whole responses.</summary>
internal static class ResponsesAnswers
{
    public static Answer Read(JsonElement body, Issues issues)
    {
        if (body.Member("output").ValueKind != JsonValueKind.Array) issues.Malformed("output", "The provider's answer has no output.");
        var parts = new List<Part>();
        foreach (var item in body.Items("output")) Read(item, parts, issues);
        var usage = OpenAiUsage.Read(body.Member("usage").Raw());
        return new Answer
        {
            Id = body.Text("id"),
            Model = body.Text("model"),
            Parts = parts,
            Finish = AnswerReason(body, parts.Any(part => part is ToolCallPart)),
            Usage = usage.HasUsage ? usage.Usage : null,
        };
    }

    public static FinishReason ReasonOf(JsonElement response) => response.Member("incomplete_details").Text("reason") switch
    {
        "max_output_tokens" => FinishReason.Length,
        "content_filter" => FinishReason.Filtered,
        _ => FinishReason.Stop,
    };

    public static void Write(Answer answer, ReplyFrame frame, Utf8JsonWriter json)
    {
        var items = new ResponsesItems(frame.AnswerId);
        ResponsesEnvelope.Write(json, answer.Id, answer.Model, frame, answer.Finish, answer.Usage, isFinal: true, output =>
        {
            foreach (var part in answer.Parts) items.Write(output, part);
        });
    }

    private static FinishReason AnswerReason(JsonElement body, bool hasCalls) =>
        ReasonOf(body) is var reason && reason == FinishReason.Stop && hasCalls ? FinishReason.ToolCalls : reason;

    private static void Read(JsonElement item, List<Part> parts, Issues issues)
    {
        switch (item.Text("type"))
        {
            case "message":
                foreach (var content in item.Items("content"))
                {
                    if ((content.Text("text") ?? content.Text("refusal")) is { Length: > 0 } text) parts.Add(new TextPart(text));
                }

                break;
            case "function_call":
                parts.Add(new ToolCallPart(item.Text("call_id") ?? "", item.Text("name") ?? "", item.Text("arguments") ?? ""));
                break;
            case "custom_tool_call":
                parts.Add(new ToolCallPart(item.Text("call_id") ?? "", item.Text("name") ?? "", item.Text("input") ?? "") { IsCustom = true });
                break;
            case "reasoning":
                var texts = item.Items("summary").Concat(item.Items("content")).Select(part => part.Text("text")).OfType<string>();
                if (string.Join("\n\n", texts) is { Length: > 0 } thoughts) parts.Add(new ThinkingPart(thoughts, null));
                break;
            case var type:
                issues.Unsupported("output", $"The provider's answer has an item of type {type}, which is not translated.");
                break;
        }
    }
}
