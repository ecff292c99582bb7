using Azure.Messaging.ServiceBus;

namespace Lava.FunctionsHost;

/// <summary>A message under a lock of this host.</summary>
/// <param name="Message">It.</param>
/// <param name="CompleteAsync">Takes it out of the queue.</param>
/// <param name="AbandonAsync">Gives it back, with properties changed.</param>
/// <param name="DeadLetterAsync">Puts it among the dead letters, for a reason, with a description.</param>
internal sealed record HeldMessage(ServiceBusReceivedMessage Message, Func<Task> CompleteAsync, Func<IDictionary<string, object>?, Task> AbandonAsync, Func<string?, string?, Task> DeadLetterAsync)
{
    public bool IsSettled { get; set; }
}
