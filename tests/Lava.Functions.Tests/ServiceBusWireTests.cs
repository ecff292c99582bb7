using Azure.Messaging.ServiceBus;
using Lava.Functions.Queues;
using Lava.Service.Ports.Queues;
using Lava.ServiceBusFake;

namespace Lava.Functions.Tests;

/// <summary>The queue's adapter with the official client, over AMQP to a namespace of this process.</summary>
public sealed class ServiceBusWireTests : IAsyncLifetime
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    private readonly FakeServiceBus _bus = new(["q"]);
    private readonly ServiceBusClient _client;
    private readonly ServiceBusQueue _queue;

    public ServiceBusWireTests()
    {
        _client = new ServiceBusClient(_bus.ConnectionString);
        _queue = new ServiceBusQueue(_client, new ServiceBusSenders(_client), TimeProvider.System);
    }

    private BusCount Count => _bus.Find("q")!.Count();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        _bus.Dispose();
    }

    [Fact]
    public async Task Messages_come_in_order_by_their_session_and_each_is_settled_as_asked()
    {
        await _queue.SendAsync("q", [Message("m1"), Message("m2"), Message("m3"), Message("m4")], CancellationToken.None);

        await using (var batch = (await _queue.ReceiveAsync("q", 4, Wait, CancellationToken.None)).ShouldNotBeNull())
        {
            batch.Session.ShouldBe("s");
            var messages = batch.Messages;
            messages.Select(message => (message.Id, message.Attempt)).ShouldBe([("m1", 1), ("m2", 1), ("m3", 1), ("m4", 1)]);
            await batch.CompleteAsync([messages[0]], CancellationToken.None);
            await batch.AbandonAsync(messages[1], TimeSpan.Zero, CancellationToken.None);
            await batch.AbandonAsync(messages[2], TimeSpan.FromHours(1), CancellationToken.None);
            await batch.DeadLetterAsync(messages[3], "It is bad.", CancellationToken.None);
        }

        await using var again = (await _queue.ReceiveAsync("q", 4, Wait, CancellationToken.None)).ShouldNotBeNull();
        again.Messages.ShouldHaveSingleItem().ShouldSatisfyAllConditions(message => message.Id.ShouldBe("m2"), message => message.Attempt.ShouldBe(2));
        Count.ShouldBe(new BusCount(Active: 1, Scheduled: 1, DeadLetters: 1, Taken: 5, Duplicates: 0, Completed: 2, Redelivered: 1, Transfers: 2, Refused: 0));
        var dead = (await _queue.PeekDeadLettersAsync("q", 10, CancellationToken.None)).ShouldHaveSingleItem();
        (dead.Id, dead.Reason).ShouldBe(("m4", "It is bad."));
        var depth = await _queue.MeasureAsync("q", CancellationToken.None);
        (depth.Waiting, depth.Dead).ShouldBe((2, 1));
        depth.OldestAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task More_than_a_transfer_takes_goes_in_several_and_arrives_whole_and_in_order()
    {
        // 40 messages of 30,000 bytes are 1.2 MB; a transfer takes 262,144 bytes, so eight messages.
        await _queue.SendAsync("q", [.. Enumerable.Range(0, 40).Select(i => Message($"m{i:00}", bytes: 30_000))], CancellationToken.None);

        (Count.Transfers, Count.Refused, Count.Taken).ShouldBe((5, 0, 40));
        await using var batch = (await _queue.ReceiveAsync("q", 100, Wait, CancellationToken.None)).ShouldNotBeNull();
        batch.Messages[0].Body.Length.ShouldBe(30_000);
        batch.Messages.Select(message => message.Id).ShouldBe(Enumerable.Range(0, batch.Messages.Count).Select(i => $"m{i:00}"));
    }

    [Fact]
    public async Task A_message_that_no_transfer_takes_is_refused_before_it_is_sent()
    {
        var message = new ServiceBusMessage(new byte[FakeServiceBus.MaxMessageBytes + 1]);

        await Should.ThrowAsync<ArgumentException>(async () => await new ServiceBusSenders(_client).SendAsync("q", [message], CancellationToken.None));

        Count.Transfers.ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_is_sent_again_is_taken_once()
    {
        for (var i = 0; i < 3; i++) await _queue.SendAsync("q", [Message("m1"), Message($"other{i}")], CancellationToken.None);

        (Count.Taken, Count.Duplicates).ShouldBe((4, 2));
    }

    [Fact]
    public async Task A_connection_that_is_cut_before_the_answer_has_the_messages_sent_again_and_taken_once()
    {
        _bus.LoseAcceptances(1);

        await _queue.SendAsync("q", [Message("m1"), Message("m2")], CancellationToken.None);

        (Count.Taken, Count.Duplicates).ShouldBe((2, 2), "the client cannot know that they arrived");
    }

    [Fact]
    public async Task A_namespace_that_is_too_busy_gets_the_messages_later()
    {
        _bus.Throttle(1);

        await _queue.SendAsync("q", [Message("m1"), Message("m2")], CancellationToken.None);

        (Count.Taken, Count.Refused, Count.Transfers).ShouldBe((2, 1, 2));
    }

    [Fact]
    public async Task A_connection_that_drops_is_opened_again_and_what_was_held_is_given_out_again()
    {
        await _queue.SendAsync("q", [Message("m1")], CancellationToken.None);
        await using var held = (await _queue.ReceiveAsync("q", 1, Wait, CancellationToken.None)).ShouldNotBeNull();
        _bus.DropConnections();

        await _queue.SendAsync("q", [Message("m2")], CancellationToken.None);
        await using var again = (await _queue.ReceiveAsync("q", 2, Wait, CancellationToken.None)).ShouldNotBeNull();

        again.Messages[0].ShouldSatisfyAllConditions(message => message.Id.ShouldBe("m1"), message => message.Attempt.ShouldBe(2));
        await Should.ThrowAsync<Exception>(async () => await held.CompleteAsync(held.Messages, CancellationToken.None));
        await again.CompleteAsync(again.Messages, CancellationToken.None);
    }

    [Fact]
    public async Task A_message_that_is_never_completed_is_a_dead_letter_after_its_tenth_delivery()
    {
        await _queue.SendAsync("q", [Message("m1")], CancellationToken.None);
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            await using var batch = (await _queue.ReceiveAsync("q", 1, Wait, CancellationToken.None)).ShouldNotBeNull();
            batch.Messages[0].Attempt.ShouldBe(attempt);
            await batch.AbandonAsync(batch.Messages[0], TimeSpan.Zero, CancellationToken.None);
        }

        (Count.Active, Count.DeadLetters).ShouldBe((0, 1));
        (await _queue.PeekDeadLettersAsync("q", 10, CancellationToken.None)).ShouldHaveSingleItem().Reason.ShouldBe("It was delivered 10 times without success.");
    }

    [Fact]
    public async Task A_message_that_is_postponed_comes_again_at_once_and_the_delivery_does_not_count()
    {
        await _queue.SendAsync("q", [Message("m1")], CancellationToken.None);
        for (var delivery = 1; delivery <= 3; delivery++)
        {
            await using var batch = (await _queue.ReceiveAsync("q", 1, Wait, CancellationToken.None)).ShouldNotBeNull();
            batch.Messages[0].Attempt.ShouldBe(1);
            await batch.PostponeAsync(batch.Messages, TimeSpan.Zero, CancellationToken.None);
        }

        (Count.Active, Count.Redelivered, Count.Taken).ShouldBe((1, 2, 1));
    }

    [Fact]
    public async Task Who_signs_with_another_key_is_not_let_in()
    {
        await using var stranger = new ServiceBusClient(_bus.ConnectionString.Replace("SharedAccessKey=", "SharedAccessKey=A", StringComparison.Ordinal));

        var message = new ServiceBusMessage("{}") { SessionId = "s", MessageId = "m" };
        await Should.ThrowAsync<UnauthorizedAccessException>(async () => await new ServiceBusSenders(stranger).SendAsync("q", [message], CancellationToken.None));

        Count.Taken.ShouldBe(0);
    }

    private static OutgoingMessage Message(string id, int bytes = 2) => new(id, "s", new byte[bytes]);
}
