namespace Lava.Service.Gateway.Relay;

/// <summary>An answer that has begun cannot be ended properly. Thrown through the pipeline so that the server sends what has been written and closes the
/// connection without the answer's end, by which the client knows that it is not whole.</summary>
internal sealed class AnswerCutException : Exception
{
    /// <summary>Creates it.</summary>
    public AnswerCutException() : base("The answer was cut.") { }

    /// <summary>Creates it with a message.</summary>
    public AnswerCutException(string message) : base(message) { }

    /// <summary>Creates it with a message and its cause.</summary>
    public AnswerCutException(string message, Exception innerException) : base(message, innerException) { }
}
