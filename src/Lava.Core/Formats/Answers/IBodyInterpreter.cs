namespace Lava.Core.Formats.Answers;

/// <summary>Understands the JSON bodies of one format.</summary>
internal interface IBodyInterpreter
{
    /// <summary>The members to capture.</summary>
    byte[][] Names { get; }

    /// <summary>Index of the member whose array entries are counted; -1 for none.</summary>
    int Counted { get; }

    /// <summary>What the captured members say.</summary>
    AnswerSummary Read(JsonMemberScanner members);
}
