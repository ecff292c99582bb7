using Azure.Messaging.ServiceBus;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Settles messages.</summary>
public class ServiceBusMessageActions
{
    /// <summary>For tests, which override everything.</summary>
    protected ServiceBusMessageActions()
    {
    }

    /// <summary>Takes a message out of the queue.</summary>
    public virtual Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) => throw NoHost();

    /// <summary>Gives a message back to the queue.</summary>
    public virtual Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default, CancellationToken cancellationToken = default) => throw NoHost();

    /// <summary>Puts a message among the dead letters.</summary>
    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = default,
        string? deadLetterReason = default,
        string? deadLetterErrorDescription = default,
        CancellationToken cancellationToken = default) => throw NoHost();

    private static NotSupportedException NoHost() => new("There is no Functions host behind these actions.");
}
