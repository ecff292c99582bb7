using Azure.Messaging.ServiceBus;
using Google.Protobuf;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.ServiceBus.Grpc;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Settles messages through the host, which holds their locks.</summary>
[InputConverter(typeof(ServiceBusMessageActionsConverter))]
public class ServiceBusMessageActions
{
    private readonly Settlement.SettlementClient? _host;

    internal ServiceBusMessageActions(Settlement.SettlementClient host) => _host = host;

    /// <summary>For tests, which override everything.</summary>
    protected ServiceBusMessageActions()
    {
    }

    private Settlement.SettlementClient Host => _host ?? throw new NotSupportedException("There is no Functions host behind these actions.");

    /// <summary>Takes a message out of the queue.</summary>
    public virtual async Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        await Host.CompleteAsync(new CompleteRequest { Locktoken = message.LockToken }, cancellationToken: cancellationToken);

    /// <summary>Gives a message back to the queue, with properties of simple types changed.</summary>
    public virtual async Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default, CancellationToken cancellationToken = default)
    {
        var request = new AbandonRequest { Locktoken = message.LockToken };
        if (propertiesToModify is { Count: > 0 }) request.PropertiesToModify = Encode(propertiesToModify);
        await Host.AbandonAsync(request, cancellationToken: cancellationToken);
    }

    /// <summary>Puts a message among the dead letters. Properties cannot be changed through this stand-in.</summary>
    public virtual async Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = default,
        string? deadLetterReason = default,
        string? deadLetterErrorDescription = default,
        CancellationToken cancellationToken = default)
    {
        if (propertiesToModify is { Count: > 0 }) throw new NotSupportedException("The stand-in of the Service Bus extension changes no properties of dead letters.");
        var request = new DeadletterRequest
        {
            Locktoken = message.LockToken,
            DeadletterReason = deadLetterReason,
            DeadletterErrorDescription = deadLetterErrorDescription,
        };
        await Host.DeadletterAsync(request, cancellationToken: cancellationToken);
    }

    private static ByteString Encode(IDictionary<string, object> properties)
    {
        var map = new AmqpMap();
        foreach (var (name, value) in properties) map[new MapKey(name)] = value;
        using var buffer = new ByteBuffer(256, true);
        AmqpCodec.EncodeMap(map, buffer);
        return ByteString.CopyFrom(buffer.Buffer, buffer.Offset, buffer.Length);
    }
}
