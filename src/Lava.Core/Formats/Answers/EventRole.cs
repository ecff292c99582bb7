namespace Lava.Core.Formats.Answers;

/// <summary>What an event of a stream says about the stream's end.</summary>
internal enum EventRole
{
    /// <summary>More events follow.</summary>
    Ordinary,

    /// <summary>The last one as far as can be seen; the stream has ended if nothing follows.</summary>
    Finishing,

    /// <summary>The end.</summary>
    Terminal,
}
