namespace Lava.Core.Translation.Streams;

/// <summary>What a part of a streamed answer is.</summary>
internal enum PartKind
{
    Text,

    Thinking,

    /// <summary>Thoughts that only the provider reads, whole at their start.</summary>
    Redacted,

    /// <summary>A tool call; its deltas are pieces of its arguments' JSON text.</summary>
    ToolCall,
}
