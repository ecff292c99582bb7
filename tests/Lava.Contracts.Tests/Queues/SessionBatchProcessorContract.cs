using Lava.Contracts.Tests.Storage;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lava.Contracts.Tests.Queues;

/// <summary>What becomes of messages whose work fails, on every head. A head's tests derive from it and say how its queue hands messages over.</summary>
public abstract class SessionBatchProcessorContract
{
    protected const string Queue = "work";

    /// <summary>Deliveries of a message that fails by its own fault, here and at the broker.</summary>
    protected const int MaxAttempts = 10;

    private Task _delivering = Task.CompletedTask;

    protected SessionBatchProcessorContract()
    {
        Tables = new SeverableTableStore(new MemoryTableStore());
        Processor = new SessionBatchProcessor(new HeldMessages(Tables, Clock), Clock, NullLogger<SessionBatchProcessor>.Instance);
        Handler = new Recorder(this);
    }

    protected ManualTime Clock { get; } = new();

    /// <summary>The store of the queue or of its marks.</summary>
    protected SeverableTableStore Tables { get; }

    protected SessionBatchProcessor Processor { get; }

    protected Recorder Handler { get; }

    /// <summary>What is done about a message's work; null lets it pass.</summary>
    protected Func<string, Exception?> Fault { get; set; } = _ => null;

    protected abstract ValueTask SendAsync(string session, params string[] ids);

    /// <summary>Hands over what is due now, until nothing is.</summary>
    protected abstract Task DeliverAsync();

    /// <summary>Ids of the dead letters.</summary>
    protected abstract Task<IReadOnlyList<string>> DeadAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_hour_of_faults_that_pass_makes_no_dead_letter_and_counts_no_attempt(bool isProcessor)
    {
        Fault = _ => isProcessor ? new PaymentProcessorException("away") : new TableStoreException("away") { IsTransient = true };
        await SendAsync("a", "a1", "a2", "a3");
        await SendAsync("b", "b1");
        await RunAsync(TimeSpan.FromHours(1));
        Handler.Tried.Count.ShouldBeGreaterThan(2 * MaxAttempts);
        Handler.Done.ShouldBeEmpty();

        Fault = _ => null;
        await RunAsync(TimeSpan.FromMinutes(2));
        Handler.Done.Select(one => one.Id).Order().ShouldBe(["a1", "a2", "a3", "b1"]);
        Handler.Done.Where(one => one.Session == "a").Select(one => one.Id).ShouldBe(["a1", "a2", "a3"], "what waits together comes back in order");
        Handler.Done.ShouldAllBe(one => one.Attempt == 1);
        (await DeadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Faults_that_pass_leave_a_message_all_its_attempts_for_faults_of_its_own()
    {
        Fault = _ => new TableStoreException("away") { IsTransient = true };
        await SendAsync("a", "a1");
        await RunAsync(TimeSpan.FromMinutes(30));
        var before = Handler.Tried.Count;
        Fault = _ => new InvalidOperationException("its own");
        await RunAsync(TimeSpan.FromMinutes(30));
        (Handler.Tried.Count - before).ShouldBe(MaxAttempts);
        (await DeadAsync()).ShouldBe(["a1"]);
    }

    [Fact]
    public async Task Of_a_batch_only_the_message_at_fault_is_tried_again_and_becomes_a_dead_letter()
    {
        Fault = id => id == "a2" ? new InvalidOperationException("its own") : null;
        await SendAsync("a", "a1", "a2", "a3");
        await DeliverAsync();
        Handler.Done.Select(one => one.Id).ShouldBe(["a1", "a3"]);
        await RunAsync(TimeSpan.FromMinutes(20));
        Handler.Done.Select(one => (one.Id, one.Attempt)).ShouldBe([("a1", 1), ("a3", 1)]);
        (await DeadAsync()).ShouldBe(["a2"]);
        Handler.Tried.Count(ids => ids == "a2").ShouldBe(MaxAttempts);

        // Its session goes on.
        await SendAsync("a", "a4");
        await DeliverAsync();
        Handler.Done[^1].Id.ShouldBe("a4");
    }

    [Fact]
    public async Task Poison_is_a_dead_letter_at_once_one_by_one_and_the_others_are_worked_on()
    {
        Fault = id => id is "a1" or "a3" ? new PoisonMessageException("unreadable") : null;
        await SendAsync("a", "a1", "a2", "a3", "a4");
        await DeliverAsync();
        Handler.Done.Select(one => (one.Id, one.Attempt)).ShouldBe([("a2", 1), ("a4", 1)]);
        (await DeadAsync()).Order().ShouldBe(["a1", "a3"]);
    }

    [Fact]
    public async Task Poison_among_messages_that_fail_is_told_apart()
    {
        Fault = id => id switch { "a1" => new InvalidOperationException("its own"), "a2" => new PoisonMessageException("unreadable"), _ => null };
        await SendAsync("a", "a1", "a2", "a3");
        await DeliverAsync();
        (await DeadAsync()).ShouldBe(["a2"]);
        Handler.Done.ShouldHaveSingleItem().Id.ShouldBe("a3");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_barrier_waits_for_a_message_that_fails_before_it_in_its_batch_or_in_another(bool isTransient)
    {
        Fault = id => id != "a1" ? null : isTransient ? new TableStoreException("busy") { IsTransient = true } : new InvalidOperationException("its own");
        await SendAsync("a", "a1", "fence|1", "a2");
        await DeliverAsync();
        await SendAsync("a", "fence|2");
        await SendAsync("b", "fence|3");
        await DeliverAsync();
        await RunAsync(TimeSpan.FromSeconds(30));
        Handler.Done.Select(one => one.Id).ShouldBe(isTransient ? ["fence|3"] : ["a2", "fence|3"], ignoreOrder: true);

        Fault = _ => null;
        await RunAsync(TimeSpan.FromMinutes(5));
        var order = Handler.Done.Select(one => one.Id).ToList();
        order.Order().ShouldBe(["a1", "a2", "fence|1", "fence|2", "fence|3"]);
        order.IndexOf("a1").ShouldBeLessThan(Math.Min(order.IndexOf("fence|1"), order.IndexOf("fence|2")));
        (await DeadAsync()).ShouldBeEmpty();

        // Nothing is left that would hold back another.
        await SendAsync("a", "fence|4");
        await DeliverAsync();
        Handler.Done[^1].Id.ShouldBe("fence|4");
    }

    [Fact]
    public async Task A_barrier_waits_no_longer_for_a_message_that_is_a_dead_letter()
    {
        Fault = id => id == "a1" ? new InvalidOperationException("its own") : null;
        await SendAsync("a", "a1");
        await DeliverAsync();
        await SendAsync("a", "fence|1");
        await RunAsync(TimeSpan.FromSeconds(10));
        Handler.Done.ShouldBeEmpty();
        await RunAsync(TimeSpan.FromMinutes(30));
        (await DeadAsync()).ShouldBe(["a1"]);
        Handler.Done.ShouldHaveSingleItem().ShouldBe(("a", "fence|1", 1));
    }

    /// <summary>Lets time pass, handing over what comes due. What waits while it has messages in hand waits by the clock too, and goes on with the next call.</summary>
    protected async Task RunAsync(TimeSpan time)
    {
        for (var end = Clock.GetUtcNow() + time; ; Clock.Advance(TimeSpan.FromSeconds(1)))
        {
            if (_delivering.IsCompleted)
            {
                await _delivering;
                _delivering = DeliverAsync();
            }

            while (!_delivering.IsCompleted && Clock.Waiting == 0) await Task.Yield();
            if (Clock.GetUtcNow() >= end) return;
        }
    }

    /// <summary>A handler whose barriers are fences, and which writes down what it is given.</summary>
    protected sealed class Recorder(SessionBatchProcessorContract test) : IMessageHandler
    {
        public string Queue => SessionBatchProcessorContract.Queue;

        public int MaxMessages => 32;

        public bool HasBarriers => true;

        /// <summary>What was handed over, batch by batch.</summary>
        public List<string> Tried { get; } = [];

        /// <summary>What was worked on.</summary>
        public List<(string Session, string Id, int Attempt)> Done { get; } = [];

        public bool IsBarrier(ReceivedMessage message) => message.Id.StartsWith("fence|", StringComparison.Ordinal);

        public ValueTask HandleAsync(string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
        {
            Tried.Add(string.Join(' ', messages.Select(message => message.Id)));
            foreach (var message in messages)
            {
                if (test.Fault(message.Id) is not { } fault) continue;
                throw fault is PoisonMessageException ? new PoisonMessageException(fault.Message) { Poison = message } : fault;
            }

            Done.AddRange(messages.Select(message => (session, message.Id, message.Attempt)));
            return ValueTask.CompletedTask;
        }
    }
}
