using System.Text.Json;
using Lava.Core.Formats.UsageReaders;
using Lava.Core.Translation.Conversations;
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

    // The key of a call is its place here.
    private readonly List<(long Index, string? Id)> _calls = [];
    private int _closed;

    protected override void Take(JsonElement data)
    {
        if (data.Member("error") is { ValueKind: JsonValueKind.Object or JsonValueKind.String })
        {
            Flow.Fail(OpenAiErrors.Read(500, data));
            return;
        }

        var choice = ChatAnswers.FirstChoice(data);
        TakeUsage(data.Member("usage"), data.Member("x_groq").Member("usage"), choice.Member("usage"));
        Flow.Begin(data.Text("id"), data.Text("model"));
        TakeDelta(choice.Member("delta"));
        if (choice.Text("finish_reason") is { Length: > 0 } reason)
        {
            Flow.CloseAll();
            Flow.Finish(ChatAnswers.ReasonOf(reason));
        }
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
            for (var call = _closed; call < _calls.Count; call++) Flow.Close(call);
            _closed = _calls.Count;
            Flow.Open(key, new StreamPart(kind));
        }

        Flow.Delta(key, text.Raw());
    }

    private void TakeCall(JsonElement call)
    {
        var custom = call.Member("custom");
        var isCustom = custom.ValueKind == JsonValueKind.Object;
        var tool = isCustom ? custom : call.Member("function");
        var id = call.Text("id") is { Length: > 0 } given ? given : null;
        var name = tool.Text("name") is { Length: > 0 } told ? told : null;
        var key = KeyOf(call.Whole("index"), id, name);
        if (key == _calls.Count)
        {
            if (_calls.Count == MaxCalls)
            {
                Flow.Fail(new ProviderError(502, "The provider's answer has too many calls."));
                return;
            }

            _calls.Add((call.Whole("index") ?? key, id));
            Flow.Close(TextKey);
            Flow.Close(ThinkingKey);
            Flow.Open(
                key,
                new StreamPart(PartKind.ToolCall, id, name ?? "", call.Member("extra_content").Member("google").Text("thought_signature"), isCustom));
        }

        if (tool.Member(isCustom ? "input" : "arguments") is { ValueKind: JsonValueKind.String } arguments) Flow.Delta(key, arguments.Raw());
    }

    /// <summary>The key of a call, or the next one for a call that is new. Some hosts give every call the same index or none: what comes with a name and
    /// another id is another call.</summary>
    private int KeyOf(long? index, string? id, string? name)
    {
        var key = index is null ? _calls.Count - 1 : _calls.FindLastIndex(call => call.Index == index);
        if (key < 0) return _calls.Count;
        return id is not null && name is not null && _calls[key].Id is { } known && known != id ? _calls.Count : key;
    }
}
