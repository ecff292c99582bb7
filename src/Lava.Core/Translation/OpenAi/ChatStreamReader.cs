using System.Text.Json;
using Lava.Core.Formats.Usages;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.OpenAi;

/// <summary>Reads a stream of <c>chat.completion.chunk</c>s. Tool calls have indices and may interleave; text and thoughts follow each other.</summary>
internal sealed class ChatStreamReader(AnswerFlow flow) : SseStreamReader(flow)
{
    private const int MaxCalls = 1024;

    // Keys of the flow: calls have 0 and up, text and thoughts these.
    private const int TextKey = -1;
    private const int ThinkingKey = -2;

    private readonly List<int> _calls = [];

    protected override void Take(JsonElement data)
    {
        if (data.Member("error") is { ValueKind: JsonValueKind.Object or JsonValueKind.String })
        {
            Flow.Fail(OpenAiErrors.Read(500, data));
            return;
        }

        Flow.Begin(data.Text("id"), data.Text("model"));
        var choice = ChatAnswers.FirstChoice(data);
        TakeDelta(choice.Member("delta"));
        if (choice.Text("finish_reason") is { Length: > 0 } reason)
        {
            Flow.CloseAll();
            Flow.Finish(ChatAnswers.ReasonOf(reason));
        }

        TakeUsage(data.Member("usage"), data.Member("x_groq").Member("usage"), choice.Member("usage"));
    }

    private void TakeUsage(params ReadOnlySpan<JsonElement> places)
    {
        foreach (var place in places)
        {
            if (place.ValueKind != JsonValueKind.Object) continue;
            Flow.Report(OpenAiUsage.Read(place.Raw()).Usage);
            return;
        }
    }

    private void TakeDelta(JsonElement delta)
    {
        if (delta.ValueKind != JsonValueKind.Object) return;
        var thoughts = delta.Member("reasoning_content");
        if (thoughts.ValueKind != JsonValueKind.String) thoughts = delta.Member("reasoning");
        TakeText(ThinkingKey, PartKind.Thinking, thoughts);
        TakeText(TextKey, PartKind.Text, delta.Member("content"));
        TakeText(TextKey, PartKind.Text, delta.Member("refusal"));
        foreach (var call in delta.Items("tool_calls")) TakeCall(call);
    }

    private void TakeText(int key, PartKind kind, JsonElement text)
    {
        if (text.ValueKind != JsonValueKind.String || text.Raw().Length <= 2) return;
        Flow.Close(key == TextKey ? ThinkingKey : TextKey);
        if (!Flow.IsOpen(key))
        {
            // What is said after calls comes after them: none of them goes on.
            foreach (var call in _calls) Flow.Close(call);
            Flow.Open(key, new StreamPart(kind));
        }

        Flow.Delta(key, text.Raw());
    }

    private void TakeCall(JsonElement call)
    {
        var function = call.Member("function");
        var index = (int)Math.Clamp(call.Whole("index") ?? IndexOf(call.Text("id")), 0, MaxCalls);
        if (!_calls.Contains(index))
        {
            _calls.Add(index);
            Flow.Close(TextKey);
            Flow.Close(ThinkingKey);
            var signature = call.Member("extra_content").Member("google").Text("thought_signature");
            Flow.Open(index, new StreamPart(PartKind.ToolCall, call.Text("id"), function.Text("name") ?? "", signature));
        }

        if (function.Member("arguments") is { ValueKind: JsonValueKind.String } arguments) Flow.Delta(index, arguments.Raw());
    }

    /// <summary>The index of a call from hosts that give none: a call that has an id is a new one.</summary>
    private int IndexOf(string? id) => string.IsNullOrEmpty(id) ? Math.Max(0, _calls.Count - 1) : _calls.Count;
}
