using Lava.Core.Formats.Usages;

namespace Lava.Core.Formats.Answers;

/// <summary>JSON bodies of OpenAI's endpoints. A verbose transcription tells its <c>duration</c> where it has no usage; images are counted by the entries of <c>data</c>.</summary>
internal sealed class OpenAiBody(bool countsImages) : IBodyInterpreter
{
    private static readonly byte[][] Members =
        ["usage"u8.ToArray(), "id"u8.ToArray(), "model"u8.ToArray(), "duration"u8.ToArray(), "data"u8.ToArray()];

    public byte[][] Names => Members;

    public int Counted => 4;

    public AnswerSummary Read(JsonMemberScanner members)
    {
        var report = OpenAiUsage.Read(members.Value(0));
        var usage = report.Usage;
        var hasUsage = report.HasUsage;
        if (!hasUsage && JsonDuration.TryRead(members.Value(3), out var seconds))
        {
            usage = usage with { InputSeconds = seconds };
            hasUsage = true;
        }

        if (countsImages)
        {
            usage = usage with { Images = members.Count };
            hasUsage |= members.Count > 0;
        }

        return new AnswerSummary
        {
            Usage = usage,
            HasUsage = hasUsage,
            IsInconsistent = report.IsInconsistent,
            ResponseId = JsonText.Read(members.Value(1)),
            Model = JsonText.Read(members.Value(2)),
        };
    }
}
