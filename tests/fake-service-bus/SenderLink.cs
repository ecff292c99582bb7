using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace Lava.ServiceBusFake;

/// <summary>Takes what a sender sends to a queue: messages, and batches of them, which are taken whole or not at all.</summary>
internal sealed class SenderLink(FakeServiceBus bus, BusQueue queue) : LinkEndpoint
{
    /// <summary>The message format of a batch, whose sections are messages.</summary>
    private const uint Batch = 0x80013700;

    private static readonly Symbol Scheduled = new("x-opt-scheduled-enqueue-time");

    public override void OnMessage(MessageContext messageContext)
    {
        var sent = messageContext.Message;
        var encoded = Encode(sent);
        var messages = sent.Format == Batch ? Parts(sent) : [encoded];
        var refusal = bus.IsThrottled() ? BusErrors.ServerBusy() : encoded.Length > FakeServiceBus.MaxMessageBytes ? BusErrors.TooLarge() : Fault(messages);
        queue.CountTransfer(refusal is not null);
        if (refusal is not null)
        {
            messageContext.Complete(refusal);
            return;
        }

        foreach (var message in messages) Enqueue(queue, message);
        if (bus.IsAcceptanceLost()) ThreadPool.QueueUserWorkItem(_ => FakeServiceBus.Drop(messageContext.Link.Session.Connection));
        else messageContext.Complete();
    }

    public override void OnFlow(FlowContext flowContext)
    {
        // A sender's flow says nothing that is needed here.
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        // Nothing is sent over this link.
    }

    /// <summary>Puts an encoded message into a queue.</summary>
    internal static long Enqueue(BusQueue queue, byte[] encoded)
    {
        var message = Decode(encoded);
        var due = message.MessageAnnotations?[Scheduled] is DateTime time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : (DateTimeOffset?)null;
        return queue.Enqueue(message.Properties.GetMessageId().ToString()!, message.Properties.GroupId, encoded, due);
    }

    private static Error? Fault(IEnumerable<byte[]> messages)
    {
        foreach (var message in messages.Select(Decode))
        {
            if (message.Properties?.GroupId is not { Length: > 0 }) return BusErrors.NotAllowed("The queue has sessions: set the message's session id.");
            if (message.Properties.GetMessageId() is null) return BusErrors.NotAllowed("The queue detects duplicates: set the id of the message.");
        }

        return null;
    }

    private static byte[][] Parts(Message batch) => batch.BodySection switch
    {
        DataList list => [.. Enumerable.Range(0, list.Count).Select(i => list[i].Binary)],
        Data one => [one.Binary],
        _ => throw new AmqpException(ErrorCode.DecodeError, "A batch has data sections."),
    };

    private static Message Decode(byte[] encoded) => Message.Decode(new ByteBuffer((byte[])encoded.Clone(), 0, encoded.Length, encoded.Length));

    private static byte[] Encode(Message message)
    {
        var buffer = message.Encode();
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }
}
