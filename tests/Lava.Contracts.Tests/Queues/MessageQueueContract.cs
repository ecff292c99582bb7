using System.Collections.Concurrent;
using System.Text;
using Lava.Service.Ports.Queues;

namespace Lava.Contracts.Tests.Queues;

/// <summary>What every adapter of the queue port does. An adapter's tests derive from it and say how to open one.</summary>
public abstract class MessageQueueContract
{
    /// <summary>Longer than any broker takes to hand over a message that is there, by the adapter's clock and by ours; a test that passes does not wait for it.</summary>
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private int _ids;

    /// <summary>A queue that no other test uses, with sessions.</summary>
    protected string Name { get; } = "q-" + Guid.NewGuid().ToString("N");

    /// <summary>Deliveries before a message is given up.</summary>
    protected abstract int MaxAttempts { get; }

    /// <summary>Opens the queues. Each call opens the same ones again, as another instance would.</summary>
    protected abstract ValueTask<IMessageQueue> OpenAsync();

    /// <summary>Lets time pass for the broker.</summary>
    protected abstract ValueTask PassAsync(TimeSpan time);

    protected static CancellationToken None => CancellationToken.None;

    protected OutgoingMessage Message(string session, string body, string? id = null, TimeSpan delay = default) =>
        new(id ?? $"id-{Interlocked.Increment(ref _ids)}", session, Encoding.UTF8.GetBytes($"\"{body}\""), delay);

    protected static string Text(ReceivedMessage message) => Encoding.UTF8.GetString(message.Body.Span).Trim('"');

    protected async Task<ISessionBatch> NextAsync(IMessageQueue queue, int max = 10) => (await queue.ReceiveAsync(Name, max, Soon, None).AsTask().WaitAsync(Soon)).ShouldNotBeNull();

    [Fact]
    public async Task A_message_arrives_as_it_was_sent()
    {
        var queue = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "hällo", "the-id")], None);
        await using var batch = await NextAsync(queue);
        batch.Session.ShouldBe("s");
        var message = batch.Messages.ShouldHaveSingleItem();
        (message.Id, message.Session, message.Attempt, message.Reason, Text(message)).ShouldBe(("the-id", "s", 1, null, "hällo"));
        await batch.CompleteAsync(batch.Messages, None);
    }

    [Fact]
    public async Task An_empty_queue_gives_nothing()
    {
        var queue = await OpenAsync();
        (await queue.ReceiveAsync(Name, 10, TimeSpan.Zero, None)).ShouldBeNull();
    }

    [Fact]
    public async Task Messages_of_a_session_come_in_the_order_in_which_they_were_sent()
    {
        var queue = await OpenAsync();
        for (var i = 0; i < 30; i += 3) await queue.SendAsync(Name, [Message("s", $"{i}"), Message("s", $"{i + 1}"), Message("s", $"{i + 2}")], None);
        var received = new List<string>();
        while (received.Count < 30)
        {
            await using var batch = await NextAsync(queue, 7);
            batch.Messages.Count.ShouldBeInRange(1, 7);
            received.AddRange(batch.Messages.Select(Text));
            await batch.CompleteAsync(batch.Messages, None);
        }

        received.ShouldBe(Enumerable.Range(0, 30).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_call_that_sends_more_than_a_transaction_holds_keeps_their_order()
    {
        var queue = await OpenAsync();
        await queue.SendAsync(Name, [.. Enumerable.Range(0, 130).Select(i => Message("s", $"{i}"))], None);
        (await DrainAsync(queue, 130)).ShouldBe(Enumerable.Range(0, 130).Select(i => $"{i}"));
    }

    [Fact]
    public async Task The_largest_body_fits_and_a_larger_one_is_refused()
    {
        var queue = await OpenAsync();
        var largest = new string('x', OutgoingMessage.MaxBodyBytes - 2);
        await queue.SendAsync(Name, [.. Enumerable.Range(0, 14).Select(_ => Message("s", largest))], None);
        (await DrainAsync(queue, 14)).ShouldAllBe(body => body == largest);
        await Should.ThrowAsync<ArgumentException>(async () => await queue.SendAsync(Name, [Message("s", largest + "x")], None));
    }

    [Fact]
    public async Task Messages_of_one_call_belong_to_one_session()
    {
        var queue = await OpenAsync();
        await Should.ThrowAsync<ArgumentException>(async () => await queue.SendAsync(Name, [Message("a", "1"), Message("b", "2")], None));
        (await queue.ReceiveAsync(Name, 10, TimeSpan.Zero, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_completed_message_does_not_come_again()
    {
        var queue = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "a"), Message("s", "b")], None);
        await using (var batch = await NextAsync(queue)) await batch.CompleteAsync(batch.Messages, None);
        (await (await OpenAsync()).ReceiveAsync(Name, 10, TimeSpan.Zero, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_session_is_held_by_one_receiver_at_a_time()
    {
        var queue = await OpenAsync();
        var other = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "a"), Message("s", "b")], None);
        await using (var batch = await NextAsync(queue, 1))
        {
            Text(batch.Messages.ShouldHaveSingleItem()).ShouldBe("a");
            (await queue.ReceiveAsync(Name, 1, TimeSpan.Zero, None)).ShouldBeNull();
            (await other.ReceiveAsync(Name, 1, TimeSpan.Zero, None)).ShouldBeNull();
            await batch.CompleteAsync(batch.Messages, None);
        }

        await using var next = await NextAsync(queue, 1);
        Text(next.Messages.ShouldHaveSingleItem()).ShouldBe("b");
    }

    [Fact]
    public async Task A_message_that_is_neither_completed_nor_given_up_comes_again_with_its_attempts_counted()
    {
        var queue = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "a")], None);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await using var batch = await NextAsync(queue);
            batch.Messages.ShouldHaveSingleItem().Attempt.ShouldBe(attempt);
        }
    }

    [Fact]
    public async Task A_delayed_message_comes_when_it_is_due()
    {
        var queue = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "late", delay: TimeSpan.FromSeconds(5))], None);
        await queue.SendAsync(Name, [Message("s", "now")], None);
        (await DrainAsync(queue, 1)).ShouldBe(["now"]);
        (await queue.ReceiveAsync(Name, 10, TimeSpan.Zero, None)).ShouldBeNull();
        await PassAsync(TimeSpan.FromSeconds(5));
        (await DrainAsync(queue, 1)).ShouldBe(["late"]);
    }

    [Fact]
    public async Task A_message_abandoned_with_a_delay_is_not_overtaken_by_its_session_and_holds_up_no_other()
    {
        var queue = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "first")], None);
        await using (var batch = await NextAsync(queue)) await batch.AbandonAsync(batch.Messages[0], TimeSpan.FromSeconds(5), None);
        await queue.SendAsync(Name, [Message("s", "second")], None);
        for (var i = 0; i < 20; i++) await queue.SendAsync(Name, [Message($"other-{i}", $"{i}")], None);
        (await DrainAsync(queue, 20)).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 20).Select(i => $"{i}").Order(StringComparer.Ordinal));
        (await queue.ReceiveAsync(Name, 10, TimeSpan.Zero, None)).ShouldBeNull();
        await PassAsync(TimeSpan.FromSeconds(5));
        await using (var again = await NextAsync(queue, 1))
        {
            (Text(again.Messages[0]), again.Messages[0].Attempt).ShouldBe(("first", 2));
            await again.CompleteAsync(again.Messages, None);
        }

        (await DrainAsync(queue, 1)).ShouldBe(["second"]);
    }

    [Fact]
    public async Task A_message_abandoned_too_often_is_a_dead_letter_and_its_session_goes_on()
    {
        var queue = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "bad", "bad-id"), Message("s", "good")], None);
        for (var i = 1; i <= MaxAttempts; i++)
        {
            await using var batch = await NextAsync(queue, 1);
            (Text(batch.Messages[0]), batch.Messages[0].Attempt).ShouldBe(("bad", i));
            await batch.AbandonAsync(batch.Messages[0], TimeSpan.Zero, None);
        }

        (await DrainAsync(queue, 1)).ShouldBe(["good"]);
        var dead = (await queue.PeekDeadLettersAsync(Name, 10, None)).ShouldHaveSingleItem();
        (dead.Id, dead.Session, Text(dead), dead.Attempt).ShouldBe(("bad-id", "s", "bad", MaxAttempts));
        dead.Reason.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_dead_letter_keeps_its_reason_and_is_not_delivered()
    {
        var queue = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "a"), Message("s", "b"), Message("s", "c")], None);
        await using (var batch = await NextAsync(queue))
        {
            batch.Messages.Count.ShouldBe(3);
            await batch.DeadLetterAsync(batch.Messages[1], "no such thing", None);
            await batch.CompleteAsync([batch.Messages[0], batch.Messages[2]], None);
        }

        (await queue.ReceiveAsync(Name, 10, TimeSpan.Zero, None)).ShouldBeNull();
        var dead = (await (await OpenAsync()).PeekDeadLettersAsync(Name, 10, None)).ShouldHaveSingleItem();
        (Text(dead), dead.Reason).ShouldBe(("b", "no such thing"));
    }

    [Fact]
    public async Task A_queue_tells_how_much_waits_since_when_and_what_was_given_up()
    {
        var queue = await OpenAsync();
        (await queue.MeasureAsync(Name, None)).ShouldBe(new QueueDepth(0, null, 0));
        await queue.SendAsync(Name, [Message("s", "dead")], None);
        await using (var batch = await NextAsync(queue)) await batch.DeadLetterAsync(batch.Messages[0], "bad", None);
        for (var i = 0; i < 3; i++) await queue.SendAsync(Name, [Message($"s{i}", $"{i}")], None);
        await PassAsync(TimeSpan.FromMilliseconds(20));
        var first = await queue.MeasureAsync(Name, None);
        (first.Waiting, first.Dead).ShouldBe((3, 1));
        await queue.SendAsync(Name, [Message("t", "late")], None);

        // The oldest is still the oldest; it is told by another process too.
        var depth = await (await OpenAsync()).MeasureAsync(Name, None);
        (depth.Waiting, depth.Dead, depth.OldestAt).ShouldBe((4, 1, first.OldestAt));
        depth.OldestAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Dead_letters_are_peeked_oldest_first()
    {
        var queue = await OpenAsync();
        for (var i = 0; i < 5; i++)
        {
            await queue.SendAsync(Name, [Message($"s{i}", $"{i}")], None);
            await using var batch = await NextAsync(queue);
            await batch.DeadLetterAsync(batch.Messages[0], "bad", None);
            await PassAsync(TimeSpan.FromMilliseconds(1));
        }

        (await queue.PeekDeadLettersAsync(Name, 3, None)).Select(Text).ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public async Task An_id_that_is_sent_again_while_it_waits_is_dropped()
    {
        var queue = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "a", "id-a"), Message("s", "b", "id-b")], None);
        await (await OpenAsync()).SendAsync(Name, [Message("s", "a", "id-a"), Message("s", "c", "id-c"), Message("s", "b", "id-b"), Message("s", "c", "id-c")], None);
        (await DrainAsync(queue, 3)).ShouldBe(["a", "b", "c"]);
        (await queue.ReceiveAsync(Name, 10, TimeSpan.Zero, None)).ShouldBeNull();
    }

    [Fact]
    public async Task What_one_instance_sent_before_it_died_another_receives()
    {
        await (await OpenAsync()).SendAsync(Name, [Message("s", "a"), Message("s", "b")], None);
        (await DrainAsync(await OpenAsync(), 2)).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_receiver_that_waits_is_woken_by_a_message()
    {
        var queue = await OpenAsync();
        var waiting = Task.Run(() => NextAsync(queue));
        await Task.Yield();
        await queue.SendAsync(Name, [Message("s", "a")], None);
        await using var batch = await waiting;
        Text(batch.Messages.ShouldHaveSingleItem()).ShouldBe("a");
    }

    [Fact]
    public async Task A_cancelled_wait_ends()
    {
        var queue = await OpenAsync();
        using var stop = new CancellationTokenSource();
        var waiting = Task.Run(async () => await queue.ReceiveAsync(Name, 1, TimeSpan.FromHours(1), stop.Token));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }

    [Fact]
    public async Task Many_receivers_of_two_instances_get_every_message_once_in_order_and_never_share_a_session()
    {
        const int Sessions = 12, Each = 15;
        var instances = new[] { await OpenAsync(), await OpenAsync() };
        var received = new ConcurrentDictionary<string, ConcurrentQueue<int>>();
        var held = new ConcurrentDictionary<string, bool>();
        var left = Sessions * Each;
        using var done = new CancellationTokenSource(TimeSpan.FromMinutes(1)); // or it failed
        var receivers = Enumerable.Range(0, 6).Select(r => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                // Without a wait: this clock may stand still.
                await using var batch = await instances[r % 2].ReceiveAsync(Name, 4, TimeSpan.Zero, None);
                if (batch is null)
                {
                    await Task.Yield();
                    continue;
                }

                held.TryAdd(batch.Session, true).ShouldBeTrue("one holder at a time");
                foreach (var message in batch.Messages)
                    received.GetOrAdd(batch.Session, _ => new()).Enqueue(int.Parse(Text(message), System.Globalization.CultureInfo.InvariantCulture));
                held.TryRemove(batch.Session, out _);
                await batch.CompleteAsync(batch.Messages, None);
                if (Interlocked.Add(ref left, -batch.Messages.Count) <= 0) await done.CancelAsync();
            }
        })).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(s => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++) await instances[s % 2].SendAsync(Name, [Message($"s{s}", $"{i}")], None);
        })));
        await Task.WhenAll(receivers);
        received.Count.ShouldBe(Sessions);
        foreach (var (session, bodies) in received) bodies.ShouldBe(Enumerable.Range(0, Each), session);
    }

    /// <summary>Receives and completes <paramref name="count"/> messages.</summary>
    protected async Task<List<string>> DrainAsync(IMessageQueue queue, int count)
    {
        var bodies = new List<string>();
        while (bodies.Count < count)
        {
            await using var batch = await NextAsync(queue, 40);
            bodies.AddRange(batch.Messages.Select(Text));
            await batch.CompleteAsync(batch.Messages, None);
        }

        return bodies;
    }
}
