using Lava.Core.Formats.Usages;

namespace Lava.Core.Formats.Answers;

/// <summary>JSON bodies of Gemini, one object or an array of chunks: the last usage wins.</summary>
internal sealed class GeminiBody : IBodyInterpreter
{
    public static readonly GeminiBody Instance = new();

    /// <summary>The members of interest.</summary>
    public static readonly byte[][] Names = ["usageMetadata"u8.ToArray(), "responseId"u8.ToArray(), "modelVersion"u8.ToArray()];

    byte[][] IBodyInterpreter.Names => Names;

    public int Counted => -1;

    public AnswerSummary Read(JsonMemberScanner members)
    {
        var report = GeminiUsage.Read(members.Value(0));
        return new AnswerSummary
        {
            Usage = report.Usage,
            HasUsage = report.HasUsage,
            IsInconsistent = report.IsInconsistent,
            ResponseId = JsonText.Read(members.Value(1)),
            Model = JsonText.Read(members.Value(2)),
        };
    }
}
