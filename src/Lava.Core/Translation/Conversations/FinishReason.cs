namespace Lava.Core.Translation.Conversations;

/// <summary>Why an answer ended.</summary>
internal enum FinishReason
{
    /// <summary>The model was done.</summary>
    Stop,

    /// <summary>It came to one of the client's stop sequences.</summary>
    StopSequence,

    /// <summary>It came to the most tokens allowed.</summary>
    Length,

    /// <summary>It waits for tools.</summary>
    ToolCalls,

    /// <summary>The provider would not have it.</summary>
    Filtered,
}
