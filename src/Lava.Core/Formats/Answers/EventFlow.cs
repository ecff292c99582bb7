namespace Lava.Core.Formats.Answers;

/// <summary>What becomes of an event of a stream.</summary>
internal enum EventFlow
{
    /// <summary>It goes to the client at once.</summary>
    Pass,

    /// <summary>The client does not get it: it asked for no such event, Lava did.</summary>
    Withhold,

    /// <summary>It ends the stream: it and all that follows wait until the usage is durable.</summary>
    End,
}
