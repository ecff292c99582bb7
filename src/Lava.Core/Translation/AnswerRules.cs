using Lava.Core.Translation.Conversations.Tools;

namespace Lava.Core.Translation;

/// <summary>What is to be done with a provider's answer because of what its request was made into.</summary>
internal sealed record AnswerRules
{
    /// <summary>The answer's id of our own making.</summary>
    public required string AnswerId { get; init; }

    /// <summary>The tool through which a schema was asked for, whose call comes out as text; null for none.</summary>
    public string? OutputTool { get; init; }

    /// <summary>Functions that stand for custom tools, by the client's names.</summary>
    public IReadOnlySet<string> Wrapped { get; init; } = CustomTools.None;

    /// <summary>The client's names of tools by the provider's; empty where none was changed.</summary>
    public required IReadOnlyDictionary<string, string> ToolNames { get; init; }

    /// <summary>The sequences at which the answer's text ends; empty where the provider sees to it.</summary>
    public IReadOnlyList<string> Stops { get; init; } = [];
}
