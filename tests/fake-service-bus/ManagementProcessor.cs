using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace Lava.ServiceBusFake;

/// <summary>What a queue is asked over <c>$management</c> (Microsoft Learn, "AMQP 1.0 in Azure Service Bus: request-response-based operations"): peeking,
/// scheduling, renewing a session's lock.</summary>
internal sealed class ManagementProcessor(BusQueue queue, bool deadLetters) : IRequestProcessor
{
    public int Credit => 100;

    public void Process(RequestContext requestContext)
    {
        var request = requestContext.Message;
        var body = request.Body as Map ?? [];
        var (status, answer) = request.ApplicationProperties?["operation"] switch
        {
            "com.microsoft:peek-message" => Peek(body),
            "com.microsoft:schedule-message" => Schedule(body),
            "com.microsoft:renew-session-lock" => (200, new Map { ["expiration"] = queue.LockedUntil.UtcDateTime }),
            _ => (501, []),
        };
        requestContext.Complete(new Message
        {
            ApplicationProperties = new ApplicationProperties { ["statusCode"] = status, ["statusDescription"] = status == 501 ? "Not implemented." : "OK" },
            BodySection = new AmqpValue { Value = answer },
        });
    }

    private (int Status, Map Answer) Peek(Map body)
    {
        var found = queue.Peek(deadLetters, (long)body["from-sequence-number"], (int)body["message-count"]);
        var messages = new List();
        foreach (var message in found)
        {
            var buffer = message.Read(lockedUntil: null).Encode();
            messages.Add(new Map { ["message"] = buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray() });
        }

        return (messages.Count == 0 ? 204 : 200, new Map { ["messages"] = messages });
    }

    private (int Status, Map Answer) Schedule(Map body)
    {
        var numbers = ((List)body["messages"]).Cast<Map>().Select(message => SenderLink.Enqueue(queue, (byte[])message["message"])).ToArray();
        return (200, new Map { ["sequence-numbers"] = numbers });
    }
}
