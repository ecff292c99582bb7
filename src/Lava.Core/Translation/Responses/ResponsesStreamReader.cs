using System.Text.Json;
using Lava.Core.Formats.UsageReaders;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.OpenAi;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.Responses;

/// <summary>Reads a response's stream of named events; an item is a part.</summary>
internal sealed class ResponsesStreamReader(AnswerFlow flow) : SseStreamReader(flow)
{
    private readonly HashSet<int> _told = [];

    protected override void Take(JsonElement data)
    {
        var index = (int)Math.Clamp(data.Whole("output_index") ?? 0, 0, int.MaxValue);
        var response = data.Member("response");
        switch (data.Text("type"))
        {
            case "response.created":
                Flow.Begin(response.Text("id"), response.Text("model"));
                break;
            case "response.output_item.added":
                TakeItem(index, data.Member("item"));
                break;
            case "response.output_text.delta" or "response.refusal.delta":
                TakeDelta(index, PartKind.Text, data.Member("delta"));
                break;
            case "response.reasoning_summary_text.delta" or "response.reasoning_text.delta":
                TakeDelta(index, PartKind.Thinking, data.Member("delta"));
                break;
            case "response.reasoning_summary_part.added" when data.Whole("summary_index") > 0:
                Flow.Delta(index, "\"\\n\\n\""u8);
                break;
            case "response.function_call_arguments.delta" or "response.custom_tool_call_input.delta":
                TakeDelta(index, PartKind.ToolCall, data.Member("delta"));
                break;
            case "response.output_item.done":
                // Some hosts tell arguments only when they are whole.
                var item = data.Member("item");
                var arguments = item.Text("type") switch { "function_call" => "arguments", "custom_tool_call" => "input", _ => null };
                if (!_told.Contains(index) && arguments is not null) TakeDelta(index, PartKind.ToolCall, item.Member(arguments));
                Flow.Close(index);
                break;
            case "response.completed" or "response.incomplete":
                var usage = OpenAiUsage.Read(response.Member("usage").Raw());
                if (usage.HasUsage) Flow.Report(usage.Usage);
                Flow.Finish(ResponsesAnswers.ReasonOf(response));
                Flow.End();
                break;
            case "response.failed":
                Flow.Fail(OpenAiErrors.Read(500, response));
                break;
            case "error":
                Flow.Fail(data.Member("error").ValueKind == JsonValueKind.Object
                    ? OpenAiErrors.Read(500, data)
                    : new ProviderError(500, data.Text("message") ?? "", null, data.Text("code")));
                break;
        }
    }

    private void TakeItem(int index, JsonElement item)
    {
        Flow.Close(index);
        if (item.Text("type") is not ("function_call" or "custom_tool_call")) return;
        Flow.Open(index, new StreamPart(PartKind.ToolCall, item.Text("call_id"), item.Text("name") ?? "", IsCustom: item.Text("type") == "custom_tool_call"));
    }

    private void TakeDelta(int index, PartKind kind, JsonElement delta)
    {
        if (delta.ValueKind != JsonValueKind.String || delta.Raw().Length <= 2) return;
        if (!Flow.IsOpen(index))
        {
            if (kind == PartKind.ToolCall) return;
            Flow.Open(index, new StreamPart(kind));
        }

        // Items are few; what tells more of them is not kept in mind.
        if (_told.Count < 1024) _told.Add(index);
        Flow.Delta(index, delta.Raw());
    }
}
