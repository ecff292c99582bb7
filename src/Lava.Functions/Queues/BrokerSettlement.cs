using Azure.Messaging.ServiceBus;

namespace Lava.Functions.Queues;

/// <summary>How the messages of a batch are settled: by a trigger's actions, or by a session's receiver.</summary>
/// <param name="Complete">Takes a message out of the queue.</param>
/// <param name="Abandon">Gives a message back in its place, with properties changed.</param>
/// <param name="DeadLetter">Puts a message among the dead letters, with the reason.</param>
/// <param name="Failed">Told of a message that could not be settled, which is delivered again; null to throw.</param>
internal sealed record BrokerSettlement(
    Func<ServiceBusReceivedMessage, Task> Complete,
    Func<ServiceBusReceivedMessage, IDictionary<string, object>?, Task> Abandon,
    Func<ServiceBusReceivedMessage, string, Task> DeadLetter,
    Action<int, Exception>? Failed = null);
