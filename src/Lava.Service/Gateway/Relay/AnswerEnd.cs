namespace Lava.Service.Gateway.Relay;

/// <summary>How a provider's answer ended.</summary>
internal enum AnswerEnd
{
    /// <summary>It came whole and is settled.</summary>
    Whole,

    /// <summary>The connection ended before the answer did.</summary>
    Cut,

    /// <summary>The provider reported an error inside the answer.</summary>
    Error,

    /// <summary>The provider fell silent for too long.</summary>
    TimedOut,

    /// <summary>The client left and the provider did not finish within the time allowed.</summary>
    Abandoned,
}
