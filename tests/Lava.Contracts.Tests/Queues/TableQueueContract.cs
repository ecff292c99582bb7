using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues;
using Lava.Service.Queues.Stored;

namespace Lava.Contracts.Tests.Queues;

/// <summary>What the queue over tables does beyond the port's contract. A store's tests derive from it and say how to open the store.</summary>
public abstract class TableQueueContract : MessageQueueContract
{
    private static readonly TableQueueOptions Options = new() { MaxAttempts = 4 };

    private readonly ManualTime _time = new();

    protected override int MaxAttempts => Options.MaxAttempts;

    protected override async ValueTask<IMessageQueue> OpenAsync() => Instance(await StoreAsync());

    protected override ValueTask PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_a_dead_receiver_held_is_delivered_again_when_its_lease_has_run_out_and_the_delivery_counts()
    {
        var dying = new SeverableTableStore(await StoreAsync());
        var first = Instance(dying);
        var second = await OpenAsync();
        await first.SendAsync(Name, [Message("s", "a"), Message("s", "b")], None);
        var lost = await NextAsync(first);
        dying.IsSevered = true;
        await lost.DisposeAsync();
        (await second.ReceiveAsync(Name, 10, TimeSpan.Zero, None)).ShouldBeNull();
        _time.Advance(Options.LeaseTime + TimeSpan.FromTicks(1));
        await using var batch = await NextAsync(second);
        var message = batch.Messages.ShouldHaveSingleItem("a message whose delivery failed comes alone");
        (Text(message), message.Attempt).ShouldBe(("a", 2));
    }

    [Fact]
    public async Task A_message_that_kills_every_receiver_ends_among_the_dead_letters()
    {
        var sender = await OpenAsync();
        await sender.SendAsync(Name, [Message("s", "killer"), Message("s", "good")], None);
        for (var i = 0; i < Options.MaxAttempts; i++)
        {
            var dying = new SeverableTableStore(await StoreAsync());
            var lost = await NextAsync(Instance(dying), 1);
            (Text(lost.Messages[0]), lost.Messages[0].Attempt).ShouldBe(("killer", i + 1));
            dying.IsSevered = true;
            await lost.DisposeAsync();
            _time.Advance(Options.LeaseTime + TimeSpan.FromTicks(1));
        }

        (await DrainAsync(await OpenAsync(), 1)).ShouldBe(["good"]);
        Text((await sender.PeekDeadLettersAsync(Name, 10, None)).ShouldHaveSingleItem()).ShouldBe("killer");
    }

    [Fact]
    public async Task A_receiver_that_lost_its_lease_changes_nothing()
    {
        // A process that was stopped for a while: it renews nothing and does not know how late it is.
        var first = new TableQueue(await StoreAsync(), Options, new ManualTime());
        var second = await OpenAsync();
        await first.SendAsync(Name, [Message("s", "a")], None);
        var lost = await NextAsync(first);
        _time.Advance(Options.LeaseTime + TimeSpan.FromTicks(1));
        await using var batch = await NextAsync(second);
        await Should.ThrowAsync<SessionLostException>(async () => await lost.CompleteAsync(lost.Messages, None));
        await Should.ThrowAsync<SessionLostException>(async () => await lost.AbandonAsync(lost.Messages[0], TimeSpan.FromHours(1), None));
        await Should.ThrowAsync<SessionLostException>(async () => await lost.DeadLetterAsync(lost.Messages[0], "late", None));
        await lost.DisposeAsync();
        (await first.ReceiveAsync(Name, 1, TimeSpan.Zero, None)).ShouldBeNull();
        (await first.PeekDeadLettersAsync(Name, 1, None)).ShouldBeEmpty();
        await batch.CompleteAsync(batch.Messages, None);
        (await second.ReceiveAsync(Name, 1, TimeSpan.Zero, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_receiver_that_works_for_long_keeps_its_session()
    {
        var queue = await OpenAsync();
        var other = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "a")], None);
        await using var batch = await NextAsync(queue);
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(Options.LeaseTime / 3);

            // The renewal went to the store before this commit; when it has ended, so has the renewal.
            await queue.SendAsync(Name, [Message("s", $"behind-{i}")], None);
            (await other.ReceiveAsync(Name, 1, TimeSpan.Zero, None)).ShouldBeNull();
        }

        await batch.CompleteAsync(batch.Messages, None);
    }

    [Fact]
    public async Task A_batch_that_failed_comes_again_message_by_message_so_that_one_poisonous_body_takes_no_other_with_it()
    {
        var queue = await OpenAsync();
        await queue.SendAsync(Name, [.. Enumerable.Range(0, 6).Select(i => Message("s", $"{i}"))], None);
        var handled = new List<string>();
        for (var round = 0; handled.Count < 5; round++)
        {
            round.ShouldBeLessThan(50);
            await using var batch = await NextAsync(queue);
            if (batch.Messages.Any(m => Text(m) == "3"))
            {
                await batch.AbandonAsync(batch.Messages[0], TimeSpan.Zero, None);
                continue;
            }

            handled.AddRange(batch.Messages.Select(Text));
            await batch.CompleteAsync(batch.Messages, None);
        }

        handled.ShouldBe(["0", "1", "2", "4", "5"]);
        Text((await queue.PeekDeadLettersAsync(Name, 10, None)).ShouldHaveSingleItem()).ShouldBe("3");
    }

    [Fact]
    public async Task Disposal_gives_back_what_is_held_so_that_another_instance_need_not_wait()
    {
        var queue = Instance(await StoreAsync());
        var other = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "a"), Message("s", "b")], None);
        await using (var batch = await NextAsync(queue, 1)) await batch.CompleteAsync(batch.Messages, None);
        (await other.ReceiveAsync(Name, 1, TimeSpan.Zero, None)).ShouldBeNull("there is more, and the first instance goes on with it");
        await queue.DisposeAsync();
        Text((await NextAsync(other)).Messages.ShouldHaveSingleItem()).ShouldBe("b");
    }

    [Fact]
    public async Task A_send_that_failed_can_be_repeated_and_leaves_each_message_once()
    {
        var store = new SeverableTableStore(await StoreAsync());
        var queue = Instance(store);
        OutgoingMessage[] messages = [.. Enumerable.Range(0, 120).Select(i => Message("s", $"{i}"))];
        store.SeverAfter(2);
        await Should.ThrowAsync<TableStoreException>(async () => await queue.SendAsync(Name, messages, None));
        store.IsSevered = false;
        await queue.SendAsync(Name, messages, None);
        (await DrainAsync(queue, 120)).ShouldBe(Enumerable.Range(0, 120).Select(i => $"{i}"));
        (await queue.ReceiveAsync(Name, 1, TimeSpan.Zero, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_queue_that_was_emptied_leaves_no_rows_but_its_leases()
    {
        var store = await StoreAsync();
        var queue = Instance(store);
        for (var i = 0; i < 20; i++) await queue.SendAsync(Name, [Message($"s{i}", "x")], None);
        await DrainAsync(queue, 20);
        for (var bucket = 0; bucket < Options.Buckets; bucket++)
        {
            var rows = await store.QueryAsync(TableNames.Messages, $"{Name}|{bucket}", new KeyRange("!", "~"), 1000, None);
            rows.ShouldAllBe(row => row.Key == "lease");
        }
    }

    [Fact]
    public async Task Messages_without_delay_are_due_although_the_clock_was_set_back_after_they_were_sent()
    {
        var queue = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "a"), Message("s", "b")], None);
        _time.SetBack(TimeSpan.FromHours(1));
        await queue.SendAsync(Name, [Message("s", "c")], None);
        (await DrainAsync(queue, 3)).ShouldBe(["a", "b", "c"]);

        // And to another process, which has sent nothing itself.
        await queue.SendAsync(Name, [Message("s", "d")], None);
        _time.SetBack(TimeSpan.FromHours(1));
        (await DrainAsync(Instance(await StoreAsync()), 1)).ShouldBe(["d"]);
    }

    [Fact]
    public async Task What_a_dead_receiver_held_comes_again_although_the_clock_was_set_back_below_its_lease()
    {
        var dying = new SeverableTableStore(await StoreAsync());
        await Instance(dying).SendAsync(Name, [Message("s", "a")], None);
        var lost = await NextAsync(Instance(dying));
        dying.IsSevered = true;
        await lost.DisposeAsync();
        _time.SetBack(TimeSpan.FromHours(1));
        var second = Instance(await StoreAsync());
        (await second.ReceiveAsync(Name, 1, TimeSpan.Zero, None)).ShouldBeNull();
        _time.Advance(Options.LeaseTime + TimeSpan.FromTicks(1));
        Text((await NextAsync(second)).Messages.ShouldHaveSingleItem()).ShouldBe("a");
    }

    [Fact]
    public async Task A_message_that_waits_after_a_failure_waits_no_longer_than_its_delay_when_the_clock_is_set_back()
    {
        var queue = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "a")], None);
        await using (var batch = await NextAsync(queue)) await batch.AbandonAsync(batch.Messages[0], TimeSpan.FromSeconds(10), None);
        (await queue.ReceiveAsync(Name, 1, TimeSpan.Zero, None)).ShouldBeNull();
        _time.SetBack(TimeSpan.FromHours(1));
        Text((await NextAsync(queue)).Messages.ShouldHaveSingleItem()).ShouldBe("a");
    }

    [Fact]
    public async Task Messages_with_and_without_delay_of_a_session_come_by_the_time_when_they_are_due()
    {
        var queue = await OpenAsync();
        await queue.SendAsync(Name, [Message("s", "late", delay: TimeSpan.FromSeconds(5)), Message("s", "now")], None);
        _time.Advance(TimeSpan.FromSeconds(6));
        await queue.SendAsync(Name, [Message("s", "later")], None);
        (await DrainAsync(queue, 3)).ShouldBe(["now", "late", "later"]);
    }

    [Fact]
    public async Task A_dead_letter_that_is_sent_again_is_delivered_and_one_that_is_dropped_is_gone()
    {
        var store = await StoreAsync();
        var queue = Instance(store);
        await queue.SendAsync(Name, [Message("s", "again"), Message("s", "never")], None);
        await using (var batch = await NextAsync(queue))
        {
            foreach (var message in batch.Messages) await batch.DeadLetterAsync(message, "bad", None);
        }

        // By another process, as the command line is.
        var letters = Instance(store);
        var dead = await queue.PeekDeadLettersAsync(Name, 10, None);
        (await letters.RetryDeadLetterAsync(Name, dead[0], None)).ShouldBeTrue();
        (await letters.RetryDeadLetterAsync(Name, dead[0], None)).ShouldBeFalse();
        (await letters.DropDeadLetterAsync(Name, dead[1], None)).ShouldBeTrue();
        (await letters.DropDeadLetterAsync(Name, dead[1], None)).ShouldBeFalse();
        (await queue.PeekDeadLettersAsync(Name, 10, None)).ShouldBeEmpty();
        await using (var batch = await NextAsync(queue))
        {
            (Text(batch.Messages.ShouldHaveSingleItem()), batch.Messages[0].Attempt).ShouldBe(("again", 1));
            await batch.CompleteAsync(batch.Messages, None);
        }

        for (var bucket = 0; bucket < Options.Buckets; bucket++)
            (await store.QueryAsync(TableNames.Messages, $"{Name}|{bucket}", new KeyRange("!", "~"), 1000, None)).ShouldAllBe(row => row.Key == "lease");
    }

    private TableQueue Instance(ITableStore store) => new(store, Options, _time);

    /// <summary>Opens the tables. Each call opens the same ones again, as another process would.</summary>
    protected abstract Task<ITableStore> StoreAsync();
}
