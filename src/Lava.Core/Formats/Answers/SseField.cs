namespace Lava.Core.Formats.Answers;

/// <summary>What a line of an event stream is.</summary>
internal enum SseField
{
    /// <summary>Not known yet.</summary>
    None,

    /// <summary><c>data</c>.</summary>
    Data,

    /// <summary><c>event</c>.</summary>
    Event,

    /// <summary>A comment.</summary>
    Comment,

    /// <summary>Any other field.</summary>
    Other,
}
