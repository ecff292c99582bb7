using Azure.Messaging.ServiceBus;
using Lava.Contracts.Tests.Storage;
using Lava.Functions.Queues;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lava.Functions.Tests;

public sealed class HandlerRunnerTests
{
    private readonly Actions _actions = new();
    private readonly FakeNamespace _bus = new();
    private readonly MemoryTableStore _tables = new();

    private IEnumerable<ServiceBusMessage> Sent => _bus.Sent.SelectMany(batch => batch);

    [Fact]
    public async Task Messages_that_were_worked_on_are_completed()
    {
        var handler = new Handler();

        await RunAsync(handler, Message("a1", "a"), Message("a2", "a"));

        handler.Batches.ShouldBe(["a: a1 a2"]);
        _actions.Log.ShouldBe(["complete a1", "complete a2"], ignoreOrder: true);
        _bus.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sessions_are_handed_over_apart()
    {
        var handler = new Handler();

        await RunAsync(handler, Message("a1", "a"), Message("b1", "b"), Message("a2", "a"));

        handler.Batches.ShouldBe(["a: a1 a2", "b: b1"]);
    }

    [Fact]
    public async Task A_message_that_fails_takes_no_other_with_it_and_is_sent_again_to_wait()
    {
        var handler = new Handler { Fault = id => id == "a2" ? new InvalidOperationException() : null };

        await RunAsync(handler, Message("a1", "a"), Message("a2", "a"), Message("a3", "a"), Message("b1", "b"));

        handler.Batches.ShouldBe(["a: a1 a2 a3", "a: a1", "a: a2", "a: a3", "b: b1"]);
        _actions.Log.ShouldBe(["complete a1", "complete a2", "complete a3", "complete b1"]);
        var again = Sent.ShouldHaveSingleItem();
        (again.SessionId, again.Body.ToString()).ShouldBe(("a", "{}"));
        (again.ScheduledEnqueueTime - DateTimeOffset.UtcNow).ShouldBeInRange(TimeSpan.FromSeconds(-5), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_copy_has_an_id_of_its_own_the_same_for_every_delivery_of_what_it_copies_and_carries_the_senders_id_and_the_failures()
    {
        var handler = new Handler { Fault = _ => new InvalidOperationException() };

        await RunAsync(handler, Message("a1", "a"));
        await RunAsync(handler, Message("a1", "a", delivery: 2));
        await RunAsync(handler, Delivered(Sent.First()));

        Sent.Select(message => message.MessageId).ShouldBe(["a1~1", "a1~1", "a1~2"]);
        await RunAsync(handler, Delivered(Sent.Last()));
        (handler.Last!.Id, handler.Last.Attempt).ShouldBe(("a1", 3));
    }

    [Fact]
    public async Task An_id_that_fills_the_brokers_room_leaves_its_copies_distinct_ids_that_fit()
    {
        var id = new string('x', 128);
        var handler = new Handler { Fault = _ => new InvalidOperationException() };

        await RunAsync(handler, Message(id, "a"));
        await RunAsync(handler, Delivered(Sent.Single()));

        Sent.Select(message => message.MessageId).Distinct().Count().ShouldBe(2);
        Sent.ShouldAllBe(message => message.MessageId.Length <= 128);
        await RunAsync(handler, Delivered(Sent.Last()));
        handler.Last!.Id.ShouldBe(id);
    }

    [Fact]
    public async Task A_message_that_goes_on_failing_waits_ever_longer_and_is_a_dead_letter_in_the_end()
    {
        var handler = new Handler { Fault = _ => new InvalidOperationException() };
        var message = Message("a1", "a");
        var waits = new List<TimeSpan>();
        for (var attempt = 1; attempt < ServiceBusBatch.MaxAttempts; attempt++)
        {
            await RunAsync(handler, message);
            waits.Add(Sent.Last().ScheduledEnqueueTime - DateTimeOffset.UtcNow);
            message = Delivered(Sent.Last());
        }

        await RunAsync(handler, message);

        handler.Last!.Attempt.ShouldBe(ServiceBusBatch.MaxAttempts);
        waits[^1].ShouldBeGreaterThan(TimeSpan.FromSeconds(20));
        Sent.Count().ShouldBe(ServiceBusBatch.MaxAttempts - 1);
        _actions.Log[^1].ShouldBe($"dead {message.MessageId} It was delivered {ServiceBusBatch.MaxAttempts} times without success.");
    }

    [Fact]
    public async Task A_store_that_is_away_makes_no_dead_letters_and_all_wait_together_in_order()
    {
        var handler = new Handler { Fault = _ => new TableStoreException("away") { IsTransient = true } };

        await RunAsync(handler, Message("a1", "a", delivery: 50), Message("a2", "a"));

        handler.Batches.Count.ShouldBe(1);
        _bus.Sent.ShouldHaveSingleItem().Select(message => message.MessageId).ShouldBe(["a1~1", "a2~1"]);
        Sent.Select(message => message.ScheduledEnqueueTime).Distinct().ShouldHaveSingleItem();
        _actions.Log.ShouldBe(["complete a1", "complete a2"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_message_whose_copy_cannot_be_sent_is_given_back_and_not_completed()
    {
        var handler = new Handler { Fault = _ => new InvalidOperationException() };
        _bus.IsAway = true;

        await RunAsync(handler, Message("a1", "a"));

        _actions.Log.ShouldBe(["abandon a1"]);
    }

    [Fact]
    public async Task A_poisonous_message_alone_goes_to_the_dead_letters_and_the_others_are_worked_on_at_once()
    {
        var handler = new Handler { Poison = ["a2"] };

        await RunAsync(handler, Message("a1", "a"), Message("a2", "a"), Message("a3", "a"));

        handler.Batches.ShouldBe(["a: a1 a2 a3", "a: a1 a3"]);
        _actions.Log.ShouldBe(["dead a2 unreadable", "complete a1", "complete a3"]);
        _bus.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_batch_of_nothing_but_poison_ends()
    {
        await RunAsync(new Handler { Poison = ["a1", "a2"] }, Message("a1", "a"), Message("a2", "a"));

        _actions.Log.ShouldBe(["dead a1 unreadable", "dead a2 unreadable"]);
    }

    [Fact]
    public async Task A_message_that_can_no_longer_be_settled_keeps_no_other_from_it()
    {
        _actions.Lost.Add("a1");

        await RunAsync(new Handler(), Message("a1", "a"), Message("a2", "a"), Message("b1", "b"));

        _actions.Log.ShouldBe(["complete a2", "complete b1"]);
    }

    [Fact]
    public async Task An_instance_that_is_stopped_gives_back_at_once_what_it_has_not_done()
    {
        using var stopping = new CancellationTokenSource();
        var handler = new Handler { Fault = _ => new OperationCanceledException(stopping.Token) };
        await stopping.CancelAsync();

        await Runner(handler).RunAsync("q", [Message("a1", "a"), Message("a2", "a")], _actions, stopping.Token);

        _actions.Log.ShouldBe(["abandon a1", "abandon a2"]);
        _bus.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_delivery_is_attempt_one_and_the_body_comes_through()
    {
        var handler = new Handler();

        await RunAsync(handler, Message("a1", "a"));

        handler.Last!.Attempt.ShouldBe(1);
        handler.Last.Body.ToArray().ShouldBe("{}"u8.ToArray());
    }

    private HandlerRunner Runner(Handler handler) => new(
        [handler],
        new ServiceBusSenders(_bus),
        new SessionBatchProcessor(new HeldMessages(_tables, TimeProvider.System), TimeProvider.System, NullLogger<SessionBatchProcessor>.Instance),
        TimeProvider.System,
        NullLogger<HandlerRunner>.Instance);

    private Task RunAsync(Handler handler, params ServiceBusReceivedMessage[] messages) => Runner(handler).RunAsync("q", messages, _actions, CancellationToken.None);

    private static ServiceBusReceivedMessage Message(string id, string session, int delivery = 1) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(BinaryData.FromString("{}"), id, sessionId: session, lockTokenGuid: Guid.NewGuid(), deliveryCount: delivery);

    private static ServiceBusReceivedMessage Delivered(ServiceBusMessage sent) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        sent.Body, sent.MessageId, sessionId: sent.SessionId, properties: sent.ApplicationProperties, lockTokenGuid: Guid.NewGuid(), deliveryCount: 1);

    private sealed class Handler : IMessageHandler
    {
        public string Queue => "q";

        public int MaxMessages { get; init; } = 100;

        public Func<string, Exception?>? Fault { get; init; }

        public IReadOnlyList<string> Poison { get; init; } = [];

        public List<string> Batches { get; } = [];

        public ReceivedMessage? Last { get; private set; }

        public ValueTask HandleAsync(string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
        {
            Batches.Add($"{session}: {string.Join(' ', messages.Select(message => message.Id))}");
            Last = messages[^1];
            foreach (var message in messages)
            {
                if (Poison.Contains(message.Id)) throw new PoisonMessageException("unreadable") { Poison = message };
                if (Fault?.Invoke(message.Id) is { } fault) throw fault;
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class Actions : ServiceBusMessageActions
    {
        public List<string> Log { get; } = [];

        /// <summary>Messages whose locks are lost.</summary>
        public List<string> Lost { get; } = [];

        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) => Note(message, $"complete {message.MessageId}");

        public override Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
            Note(message, $"abandon {message.MessageId}");

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message,
            Dictionary<string, object>? propertiesToModify = null,
            string? deadLetterReason = null,
            string? deadLetterErrorDescription = null,
            CancellationToken cancellationToken = default) => Note(message, $"dead {message.MessageId} {deadLetterReason}");

        private Task Note(ServiceBusReceivedMessage message, string line)
        {
            if (Lost.Contains(message.MessageId)) throw new ServiceBusException("The lock is lost.", ServiceBusFailureReason.MessageLockLost);
            Log.Add(line);
            return Task.CompletedTask;
        }
    }
}
