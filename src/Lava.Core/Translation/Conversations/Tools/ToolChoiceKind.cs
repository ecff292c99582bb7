namespace Lava.Core.Translation.Conversations.Tools;

internal enum ToolChoiceKind
{
    /// <summary>The client does not say.</summary>
    Unsaid,

    /// <summary>The model decides.</summary>
    Auto,

    /// <summary>No tool may be called.</summary>
    None,

    /// <summary>Some tool must be called.</summary>
    Any,

    /// <summary>One tool must be called.</summary>
    Named,
}
