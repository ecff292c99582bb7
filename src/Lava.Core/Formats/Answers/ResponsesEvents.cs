using Lava.Core.Formats.Usages;

namespace Lava.Core.Formats.Answers;

/// <summary>Events of OpenAI's Responses API: the whole response, usage included, stands in the last one.</summary>
internal sealed class ResponsesEvents : IEventInterpreter
{
    private AnswerSummary _summary;

    public AnswerSummary Summary => _summary;

    public bool HasEndEvent => true;

    public EventFlow OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var isEnd = Is(name, data, "response.completed"u8) || Is(name, data, "response.incomplete"u8);
        var isFailure = Is(name, data, "response.failed"u8) || Is(name, data, "error"u8);
        if (!isEnd && !isFailure) return EventFlow.Pass;
        using var response = new JsonMembers(ResponseOf(data), JsonMembers.OpenAi);
        var report = OpenAiUsage.Read(response.Usage);
        _summary = _summary with
        {
            Usage = report.Usage,
            HasUsage = report.HasUsage,
            IsInconsistent = report.IsInconsistent,
            ResponseId = response.Id,
            Model = response.Model,
            HasError = isFailure,
        };
        return EventFlow.End;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ReadOnlySpan<byte> type)
    {
        if (!name.IsEmpty) return name.SequenceEqual(type);
        using var scanner = new JsonMemberScanner(["type"u8.ToArray()]);
        scanner.Scan(data[..Math.Min(data.Length, 256)]);
        var value = scanner.Value(0).Trim(" \""u8);
        return value.SequenceEqual(type);
    }

    // The response may be longer than what a scanner captures, so it is cut out by its place.
    private static ReadOnlySpan<byte> ResponseOf(ReadOnlySpan<byte> data)
    {
        var at = data.IndexOf("\"response\":"u8);
        return at < 0 ? data : data[(at + 11)..];
    }
}
