using Lava.Core.Formats.Usages;

namespace Lava.Core.Formats.Answers;

/// <summary>Events of Gemini's <c>streamGenerateContent</c> with <c>alt=sse</c>: each chunk may carry usage, the last one wins; the end of the connection is the end.</summary>
internal sealed class GeminiEvents : IEventInterpreter
{
    private AnswerSummary _summary;

    public AnswerSummary Summary => _summary;

    public bool HasEndEvent => false;

    public EventFlow OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (data.StartsWith("{\"error\""u8)) _summary = _summary with { HasError = true };
        if (data.IndexOf("\"usageMetadata\""u8) < 0) return EventFlow.Pass;
        using var members = new JsonMembers(data, GeminiBody.Names);
        var report = GeminiUsage.Read(members.Usage);
        if (report.HasUsage)
        {
            _summary = _summary with
            {
                Usage = report.Usage, HasUsage = true, IsInconsistent = report.IsInconsistent, ResponseId = members.Id, Model = members.Model,
            };
        }

        return EventFlow.Pass;
    }
}
