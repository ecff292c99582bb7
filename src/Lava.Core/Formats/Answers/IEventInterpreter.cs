namespace Lava.Core.Formats.Answers;

/// <summary>Understands the events of one format's stream.</summary>
internal interface IEventInterpreter
{
    /// <summary>What the stream has said so far; <see cref="AnswerSummary.IsWhole"/> is the stream reader's to set.</summary>
    AnswerSummary Summary { get; }

    /// <summary>Whether the format marks its end; otherwise the end of the connection is the end.</summary>
    bool HasEndEvent { get; }

    /// <summary>Takes an event.</summary>
    /// <param name="name">Its <c>event</c> field; empty without one.</param>
    /// <param name="data">Its data, lines joined by a line feed.</param>
    EventFlow OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data);
}
