namespace Azure.Messaging.ServiceBus;

public static class ServiceBusModelFactory
{
    public static ServiceBusReceivedMessage ServiceBusReceivedMessage(
        BinaryData? body = default,
        string? messageId = default,
        string? partitionKey = default,
        string? viaPartitionKey = default,
        string? sessionId = default,
        string? replyToSessionId = default,
        TimeSpan timeToLive = default,
        string? correlationId = default,
        string? subject = default,
        string? to = default,
        string? contentType = default,
        string? replyTo = default,
        DateTimeOffset scheduledEnqueueTime = default,
        IDictionary<string, object>? properties = default,
        Guid lockTokenGuid = default,
        int deliveryCount = default) => new()
        {
            Body = body ?? BinaryData.Empty,
            MessageId = messageId ?? "",
            SessionId = sessionId ?? "",
            LockToken = lockTokenGuid.ToString(),
            DeliveryCount = deliveryCount,
            ApplicationProperties = new Dictionary<string, object>(properties ?? new Dictionary<string, object>()),
        };

    public static ServiceBusMessageBatch ServiceBusMessageBatch(
        long batchSizeBytes, IList<ServiceBusMessage> batchMessageStore, CreateMessageBatchOptions? batchOptions = default, Func<ServiceBusMessage, bool>? tryAddCallback = default) =>
        new(batchMessageStore, tryAddCallback);
}
