namespace Lava.Service.Queues;

/// <summary>The receiver no longer holds the session: its lease ran out or the store did not answer. Nothing was changed; the messages are delivered
/// again.</summary>
public sealed class SessionLostException : Exception
{
    /// <summary>Creates it.</summary>
    public SessionLostException() : this("The session is no longer held; its messages are delivered again.") { }

    /// <summary>Creates it with a message.</summary>
    public SessionLostException(string message) : base(message) { }

    /// <summary>Creates it with a message and its cause.</summary>
    public SessionLostException(string message, Exception innerException) : base(message, innerException) { }
}
