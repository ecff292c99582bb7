using Azure.Messaging.ServiceBus;
using Lava.Functions.Queues;
using Lava.Service.Ports.Queues;

namespace Lava.Functions.Tests;

public sealed class ServiceBusQueueTests
{
    [Fact]
    public async Task Messages_that_fit_into_no_batch_together_go_in_several_in_order()
    {
        var bus = new FakeNamespace(perBatch: 2);

        await Queue(bus).SendAsync("q", [.. Enumerable.Range(1, 5).Select(i => Message($"m{i}"))], CancellationToken.None);

        bus.Sent.Select(batch => string.Join(' ', batch.Select(message => message.MessageId))).ShouldBe(["m1 m2", "m3 m4", "m5"]);
        bus.Sent.SelectMany(batch => batch).ShouldAllBe(message => message.SessionId == "s" && message.Body.ToString() == "{}");
    }

    [Fact]
    public async Task A_queue_has_one_sender_however_often_and_by_however_many_it_is_sent_to()
    {
        var bus = new FakeNamespace();
        var queue = Queue(bus);

        await Parallel.ForAsync(0, 40, async (i, token) => await queue.SendAsync(i % 2 == 0 ? "q" : "r", [Message($"m{i}")], token));

        bus.Senders.ShouldBe(["q", "r"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_dead_letter_that_is_sent_again_keeps_id_session_and_body_counts_from_one_and_is_gone_from_the_dead()
    {
        var bus = new FakeNamespace();
        bus.Dead.AddRange([Dead("m1", 7), Dead("m2", 8), Dead("m3", 9)]);
        var queue = Queue(bus);
        var found = (await queue.PeekDeadLettersAsync("q", 10, CancellationToken.None)).Single(message => message.Id == "m3");
        found.Attempt.ShouldBe(10);
        (await queue.RetryDeadLetterAsync("q", found, CancellationToken.None)).ShouldBeTrue();

        // Sent before it goes, under an id that a second try would repeat.
        bus.Log.ShouldBe(["send m3~again-9", "complete m3", "abandon m1", "abandon m2"]);
        var sent = bus.Sent.Single().Single();
        (sent.SessionId, sent.Body.ToString(), sent.ApplicationProperties["lava-id"]).ShouldBe(("s", "{}", "m3"));
        BrokerMessages.FromBroker(ServiceBusModelFactory.ServiceBusReceivedMessage(sent.Body, sent.MessageId, sessionId: sent.SessionId, properties: sent.ApplicationProperties, deliveryCount: 1)).Attempt.ShouldBe(1);
        (await queue.RetryDeadLetterAsync("q", found, CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_dead_letter_that_is_dropped_is_gone_and_nothing_is_sent()
    {
        var bus = new FakeNamespace();
        bus.Dead.AddRange([Dead("m1", 7), Dead("m2", 8)]);
        var queue = Queue(bus);
        var found = (await queue.PeekDeadLettersAsync("q", 10, CancellationToken.None))[0];
        (await queue.DropDeadLetterAsync("q", found, CancellationToken.None)).ShouldBeTrue();
        (await queue.DropDeadLetterAsync("q", found, CancellationToken.None)).ShouldBeFalse();
        (bus.Dead.Single().MessageId, bus.Sent.Count).ShouldBe(("m2", 0));
    }

    [Fact]
    public async Task A_message_that_fits_into_no_batch_at_all_is_refused_rather_than_tried_for_ever() =>
        await Should.ThrowAsync<ArgumentException>(async () => await Queue(new FakeNamespace(perBatch: 0)).SendAsync("q", [Message("m1")], CancellationToken.None));

    [Fact]
    public async Task A_message_with_a_delay_is_scheduled_by_the_broker_and_one_without_is_not()
    {
        var bus = new FakeNamespace();
        var now = DateTimeOffset.UtcNow;

        await Queue(bus).SendAsync("q", [Message("m1", TimeSpan.FromHours(1)), Message("m2")], CancellationToken.None);

        var sent = bus.Sent.ShouldHaveSingleItem();
        sent[0].ScheduledEnqueueTime.ShouldBeInRange(now.AddHours(1), now.AddHours(1).AddMinutes(1));
        sent[1].ScheduledEnqueueTime.ShouldBe(default);
    }

    [Fact]
    public async Task What_the_port_refuses_is_refused_before_anything_is_sent()
    {
        var bus = new FakeNamespace();
        OutgoingMessage[][] refused =
        [
            [Message("m1"), new OutgoingMessage("m2", "another", "{}"u8.ToArray())],
            [new OutgoingMessage("m", "s", new byte[OutgoingMessage.MaxBodyBytes + 1])],
            [new OutgoingMessage(new string('m', 129), "s", "{}"u8.ToArray())],
            [new OutgoingMessage("m", new string('s', 129), "{}"u8.ToArray())],
            [new OutgoingMessage("", "s", "{}"u8.ToArray())],
        ];

        foreach (var messages in refused) await Should.ThrowAsync<ArgumentException>(async () => await Queue(bus).SendAsync("q", messages, CancellationToken.None));

        bus.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_is_held_until_its_batch_is_disposed_and_each_message_is_settled_as_asked()
    {
        var bus = new FakeNamespace { Waiting = [Received("m1"), Received("m2"), Received("m3"), Received("m4")] };
        await using (var batch = (await Queue(bus).ReceiveAsync("q", 4, TimeSpan.Zero, CancellationToken.None)).ShouldNotBeNull())
        {
            batch.Session.ShouldBe("s");
            batch.Messages.Select(message => (message.Id, message.Attempt)).ShouldBe([("m1", 1), ("m2", 1), ("m3", 1), ("m4", 1)]);
            await batch.CompleteAsync([batch.Messages[0]], CancellationToken.None);
            await batch.AbandonAsync(batch.Messages[1], TimeSpan.Zero, CancellationToken.None);
            await batch.AbandonAsync(batch.Messages[2], TimeSpan.FromMinutes(1), CancellationToken.None);
            await batch.DeadLetterAsync(batch.Messages[3], "bad", CancellationToken.None);
        }

        bus.Log.ShouldBe(["complete m1", "abandon m2", "send m3~1", "complete m3", "dead m4 bad", "released"], "the copy is sent before the message that it copies is gone");
        (bus.Sent[0][0].ScheduledEnqueueTime - DateTimeOffset.UtcNow).ShouldBeInRange(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Where_no_session_has_messages_there_is_no_batch() =>
        (await Queue(new FakeNamespace()).ReceiveAsync("q", 4, TimeSpan.Zero, CancellationToken.None)).ShouldBeNull();

    private static ServiceBusReceivedMessage Received(string id) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(BinaryData.FromString("{}"), id, sessionId: "s", lockTokenGuid: Guid.NewGuid(), deliveryCount: 1);

    private static ServiceBusQueue Queue(FakeNamespace bus) => new(bus, new ServiceBusSenders(bus), TimeProvider.System);

    private static OutgoingMessage Message(string id, TimeSpan delay = default) => new(id, "s", "{}"u8.ToArray(), delay);

    private static ServiceBusReceivedMessage Dead(string id, long sequence) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(BinaryData.FromString("{}"), id, sessionId: "s", lockTokenGuid: Guid.NewGuid(), deliveryCount: 10, sequenceNumber: sequence);
}
