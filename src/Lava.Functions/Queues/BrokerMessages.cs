using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Messaging.ServiceBus;
using Lava.Service.Ports.Queues;

namespace Lava.Functions.Queues;

/// <summary>Messages as the service has them and as the broker has them. Service Bus gives an abandoned message out again at once and knows no delay for it,
/// so one that is to wait is sent anew, scheduled, and the delivered one completed. The copy has an id of its own, for the broker's duplicate detection would
/// drop it under the old one. Properties carry the sender's id, how often delivery failed, how many copies there have been, and how many of the broker's
/// deliveries are no attempts.</summary>
internal static class BrokerMessages
{
    private const string IdProperty = "lava-id";
    private const string FailuresProperty = "lava-failures";
    private const string CopiesProperty = "lava-copies";
    private const string UncountedProperty = "lava-uncounted";

    /// <summary>Most characters of the broker's ids (Microsoft Learn, "Service Bus quotas").</summary>
    private const int MaxIdLength = 128;

    /// <summary>A message as the service's handlers take it. Deliveries of earlier copies count.</summary>
    public static ReceivedMessage FromBroker(ServiceBusReceivedMessage message) => new(
        message.ApplicationProperties.TryGetValue(IdProperty, out var id) ? (string)id : message.MessageId,
        message.SessionId,
        message.Body.ToMemory(),
        Number(message, FailuresProperty) + Math.Max(1, message.DeliveryCount - Number(message, UncountedProperty)),
        message.LockToken,
        message.DeadLetterReason,
        Number(message, CopiesProperty) + Math.Max(0, message.DeliveryCount - 1));

    /// <summary>A message to be sent.</summary>
    public static ServiceBusMessage ToBroker(OutgoingMessage message, DateTimeOffset now)
    {
        var outgoing = Create(BinaryData.FromBytes(message.Body), message.Id, message.Session);
        if (message.Delay > TimeSpan.Zero) outgoing.ScheduledEnqueueTime = now + message.Delay;
        return outgoing;
    }

    /// <summary>What is changed of a message that is given back where it is, so that its delivery counts as no attempt.</summary>
    public static Dictionary<string, object> Uncounted(ServiceBusReceivedMessage message) =>
        new() { [UncountedProperty] = Number(message, UncountedProperty) + 1 };

    /// <summary>A message to be delivered again at <paramref name="due"/>, or at once. A message has one copy, however often it is delivered and fails: when
    /// somebody died between sending the copy and completing the message, the broker drops the next one by its id.</summary>
    public static ServiceBusMessage Again(ServiceBusReceivedMessage message, DateTimeOffset? due, bool isFailure)
    {
        var received = FromBroker(message);
        var copies = Number(message, CopiesProperty) + 1;
        var again = Create(message.Body, CopyId(received.Id, copies), message.SessionId);
        if (due is { } at) again.ScheduledEnqueueTime = at;
        again.ApplicationProperties[IdProperty] = received.Id;
        again.ApplicationProperties[FailuresProperty] = isFailure ? received.Attempt : received.Attempt - 1;
        again.ApplicationProperties[CopiesProperty] = copies;
        return again;
    }

    /// <summary>A dead letter as one that was never delivered. Its id is the same each time, so that it is there once.</summary>
    public static ServiceBusMessage Anew(ServiceBusReceivedMessage dead)
    {
        var received = FromBroker(dead);
        var anew = Create(dead.Body, Short(string.Create(CultureInfo.InvariantCulture, $"{received.Id}~again-{dead.SequenceNumber}")), dead.SessionId);
        anew.ApplicationProperties[IdProperty] = received.Id;
        return anew;
    }

    private static int Number(ServiceBusReceivedMessage message, string property) =>
        message.ApplicationProperties.TryGetValue(property, out var number) ? Convert.ToInt32(number, CultureInfo.InvariantCulture) : 0;

    private static string CopyId(string id, int copies) => Short(string.Create(CultureInfo.InvariantCulture, $"{id}~{copies}"));

    private static string Short(string id) => id.Length <= MaxIdLength ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private static ServiceBusMessage Create(BinaryData body, string id, string session) =>
        new(body) { MessageId = id, SessionId = session, ContentType = "application/json" };
}
