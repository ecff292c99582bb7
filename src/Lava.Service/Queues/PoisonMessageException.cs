using Lava.Service.Ports.Queues;

namespace Lava.Service.Queues;

/// <summary>A message can never be processed.</summary>
public sealed class PoisonMessageException : Exception
{
    /// <summary>Creates it.</summary>
    public PoisonMessageException() : this("A message can never be processed.") { }

    /// <summary>Creates it with a reason, which is kept with the dead letter.</summary>
    public PoisonMessageException(string message) : base(message) { }

    /// <summary>Creates it with a reason and its cause.</summary>
    public PoisonMessageException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>The message.</summary>
    public ReceivedMessage? Poison { get; init; }
}
