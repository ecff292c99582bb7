using Lava.Core.Formats.Usages;

namespace Lava.Core.Formats.Answers;

/// <summary>JSON bodies of Converse.</summary>
internal sealed class BedrockBody : IBodyInterpreter
{
    public static readonly BedrockBody Instance = new();

    private static readonly byte[][] Members = ["usage"u8.ToArray()];

    public byte[][] Names => Members;

    public int Counted => -1;

    public AnswerSummary Read(JsonMemberScanner members)
    {
        var report = BedrockUsage.Read(members.Value(0));
        return new AnswerSummary { Usage = report.Usage, HasUsage = report.HasUsage, IsInconsistent = report.IsInconsistent };
    }
}
