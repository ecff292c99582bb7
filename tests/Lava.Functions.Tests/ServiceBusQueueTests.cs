using Lava.Functions.Queues;
using Lava.Service.Ports;

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

    private static ServiceBusQueue Queue(FakeNamespace bus) => new(bus, new ServiceBusSenders(bus), TimeProvider.System);

    private static OutgoingMessage Message(string id, TimeSpan delay = default) => new(id, "s", "{}"u8.ToArray(), delay);
}
