using System.Text;

namespace Lava.Core.Catalogue.Profiles;

/// <summary>What holds for every model that is asked in a wire format. Sources, read on 28 November 2026: platform.openai.com/docs/api-reference (chat,
/// responses);
/// platform.claude.com/docs/en/api/messages and …/agents-and-tools/tool-use; ai.google.dev/api/caching (FunctionDeclaration, Schema) and
/// …/gemini-api/docs/function-calling; docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.</summary>
public sealed record FormatRules
{
    private static readonly FormatRules OpenAi = new()
    {
        LongestToolName = 64, LongestUser = 64, MostStops = 4, ObjectsNeedProperties = true, ArraysNeedItems = true,
    };

    private static readonly FormatRules Claude = new()
    {
        LongestToolName = 128, LongestUser = 256, RefusesBlankText = true, OpensWithUser = true, RefusesBlankStops = true,
    };

    private static readonly FormatRules Google = new()
    {
        LongestToolName = 64, ToolNameMarks = "_-.:", MostStops = 5, OpensWithUser = true, ArraysNeedItems = true,
    };

    private static readonly FormatRules Converse = new()
    {
        LongestToolName = 64, RefusesBlankText = true, OpensWithUser = true, HistoryNeedsTools = true, RefusesBlankStops = true,
    };

    private static readonly FormatRules None = new() { LongestToolName = int.MaxValue };

    /// <summary>Longest name of a tool, characters.</summary>
    public required int LongestToolName { get; init; }

    /// <summary>What a tool's name may have beside ASCII letters and digits.</summary>
    public string ToolNameMarks { get; init; } = "_-";

    /// <summary>Longest tag of the end user, characters; null where there is no bound.</summary>
    public int? LongestUser { get; init; }

    /// <summary>Most stop sequences; null where there is no bound.</summary>
    public int? MostStops { get; init; }

    /// <summary>Whether text of nothing but blanks is refused.</summary>
    public bool RefusesBlankText { get; init; }

    /// <summary>Whether a stop sequence of nothing but blanks is refused.</summary>
    public bool RefusesBlankStops { get; init; }

    /// <summary>Whether the first turn must be the user's.</summary>
    public bool OpensWithUser { get; init; }

    /// <summary>Whether a conversation that has used tools must offer some.</summary>
    public bool HistoryNeedsTools { get; init; }

    /// <summary>Whether a schema of an object must have <c>properties</c>.</summary>
    public bool ObjectsNeedProperties { get; init; }

    /// <summary>Whether a schema of an array must have <c>items</c>.</summary>
    public bool ArraysNeedItems { get; init; }

    /// <summary>The rules of a format.</summary>
    public static FormatRules Of(WireFormat format) => format switch
    {
        WireFormat.OpenAiChat or WireFormat.OpenAiResponses => OpenAi,
        WireFormat.Anthropic => Claude,
        WireFormat.Gemini => Google,
        WireFormat.BedrockConverse => Converse,
        _ => None,
    };

    /// <summary>Whether a tool may have a name.</summary>
    public bool IsToolName(string name) =>
        name.Length > 0 && name.Length <= LongestToolName
            && name.All(IsToolNameCharacter)
            && (ToolNameMarks.Length <= 2 || char.IsAsciiLetter(name[0]) || name[0] == '_');

    /// <summary>A name with a mark in the place of each character that may not stand in one.</summary>
    public string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name) plain.Append(IsToolNameCharacter(c) ? c : '_');
        return plain.ToString();
    }

    private bool IsToolNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || ToolNameMarks.Contains(c);
}
