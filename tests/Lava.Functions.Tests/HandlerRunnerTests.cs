using Azure.Messaging.ServiceBus;
using Lava.Functions.Queues;
using Lava.Service.Ports;
using Lava.Service.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lava.Functions.Tests;

public sealed class HandlerRunnerTests
{
    private readonly Actions _actions = new();

    [Fact]
    public async Task Messages_that_were_worked_on_are_completed()
    {
        var handler = new Handler();

        await RunAsync(handler, Message("a1", "a"), Message("a2", "a"));

        handler.Batches.ShouldBe(["a: a1 a2"]);
        _actions.Log.ShouldBe(["complete a1", "complete a2"], ignoreOrder: true);
    }

    [Fact]
    public async Task Sessions_are_handed_over_apart()
    {
        var handler = new Handler();

        await RunAsync(handler, Message("a1", "a"), Message("b1", "b"), Message("a2", "a"));

        handler.Batches.ShouldBe(["a: a1 a2", "b: b1"]);
    }

    [Fact]
    public async Task A_fault_gives_the_batch_and_all_that_follows_in_its_session_back_and_escapes_not()
    {
        var handler = new Handler { MaxMessages = 2, Fault = id => id == "a2" ? new InvalidOperationException() : null };

        await RunAsync(handler, Message("a1", "a"), Message("a2", "a"), Message("a3", "a"), Message("b1", "b"));

        handler.Batches.ShouldBe(["a: a1 a2", "b: b1"]);
        _actions.Log.ShouldBe(["abandon a1", "abandon a2", "abandon a3", "complete b1"]);
    }

    [Fact]
    public async Task A_poisonous_message_alone_goes_to_the_dead_letters()
    {
        var handler = new Handler { FaultOf = messages => new PoisonMessageException("unreadable") { Poison = messages[1] } };

        await RunAsync(handler, Message("a1", "a"), Message("a2", "a"), Message("a3", "a"));

        _actions.Log.ShouldBe(["abandon a1", "dead a2 unreadable", "abandon a3"]);
    }

    [Fact]
    public async Task The_first_delivery_is_attempt_one_and_the_body_comes_through()
    {
        var handler = new Handler();

        await RunAsync(handler, Message("a1", "a"));

        handler.Last!.Attempt.ShouldBe(1);
        handler.Last.Body.ToArray().ShouldBe("{}"u8.ToArray());
    }

    private Task RunAsync(Handler handler, params ServiceBusReceivedMessage[] messages) =>
        new HandlerRunner([handler], NullLogger<HandlerRunner>.Instance).RunAsync("q", messages, _actions, CancellationToken.None);

    private static ServiceBusReceivedMessage Message(string id, string session) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(BinaryData.FromString("{}"), id, sessionId: session, lockTokenGuid: Guid.NewGuid(), deliveryCount: 1);

    private sealed class Handler : IMessageHandler
    {
        public string Queue => "q";

        public int MaxMessages { get; init; } = 100;

        public Func<string, Exception?>? Fault { get; init; }

        public Func<IReadOnlyList<ReceivedMessage>, Exception>? FaultOf { get; init; }

        public List<string> Batches { get; } = [];

        public ReceivedMessage? Last { get; private set; }

        public ValueTask HandleAsync(string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
        {
            Batches.Add($"{session}: {string.Join(' ', messages.Select(message => message.Id))}");
            Last = messages[^1];
            if (FaultOf is not null) throw FaultOf(messages);
            foreach (var message in messages)
            {
                if (Fault?.Invoke(message.Id) is { } fault) throw fault;
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class Actions : ServiceBusMessageActions
    {
        public List<string> Log { get; } = [];

        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) => Note($"complete {message.MessageId}");

        public override Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
            Note($"abandon {message.MessageId}");

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message,
            Dictionary<string, object>? propertiesToModify = null,
            string? deadLetterReason = null,
            string? deadLetterErrorDescription = null,
            CancellationToken cancellationToken = default) => Note($"dead {message.MessageId} {deadLetterReason}");

        private Task Note(string line)
        {
            Log.Add(line);
            return Task.CompletedTask;
        }
    }
}
