using System.Text;
using Lava.Local.Storage;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues;
using Lava.Service.Queues.Stored;
using Microsoft.Extensions.Logging;

namespace Lava.Contracts.Tests.Queues;

public sealed class QueueWorkerTests : IAsyncLifetime, IDisposable
{
    private const string Queue = "work";

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly Lines<QueueWorker> _log = new();
    private readonly Lines<SessionBatchProcessor> _processing = new();
    private SqliteTableStore _store = null!;
    private TableQueue _queue = null!;

    public async Task InitializeAsync()
    {
        _store = new SqliteTableStore(new SqliteOptions { Path = _folder.File("lava.db"), IsDurable = false });
        await _store.EnsureTablesAsync([TableNames.Messages], default);
        _queue = new TableQueue(_store, new TableQueueOptions { MaxAttempts = 2, PollPeriod = TimeSpan.FromMilliseconds(20) }, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await _queue.DisposeAsync();
        await _store.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_handled_is_completed()
    {
        var all = new TaskCompletionSource();
        var seen = new List<string>();
        await RunAsync((_, messages) =>
        {
            lock (seen)
            {
                seen.AddRange(messages.Select(Text));
                if (seen.Count == 40) all.SetResult();
            }

            return ValueTask.CompletedTask;
        }, async () =>
        {
            for (var i = 0; i < 40; i++) await SendAsync($"s{i % 4}", $"{i}");
            await all.Task.WaitAsync(Long);
        });
        seen.Select(int.Parse).Order().ShouldBe(Enumerable.Range(0, 40));
        await ShouldBeEmptyAsync();
    }

    [Fact]
    public async Task A_fault_is_retried_and_then_the_message_is_a_dead_letter_and_the_log_has_no_body()
    {
        var good = new TaskCompletionSource();
        await RunAsync((_, messages) =>
        {
            if (messages.Any(m => Text(m) == "secret-body")) throw new InvalidOperationException("cannot");
            good.SetResult();
            return ValueTask.CompletedTask;
        }, async () =>
        {
            await _queue.SendAsync(Queue, [Message("s", "secret-body"), Message("s", "good")], default);
            await good.Task.WaitAsync(Long);
            while ((await _queue.PeekDeadLettersAsync(Queue, 10, default)).Count == 0) await Task.Delay(20);
        });
        var dead = (await _queue.PeekDeadLettersAsync(Queue, 10, default)).ShouldHaveSingleItem();
        (Text(dead), dead.Attempt).ShouldBe(("secret-body", 2));
        
        // Its batch's, and then its own twice.
        _processing.All.Count(line => line.Contains("cannot")).ShouldBe(3);
        _processing.All.ShouldAllBe(line => !line.Contains("secret-body"));
        await ShouldBeEmptyAsync();
    }

    [Fact]
    public async Task A_poisonous_message_is_a_dead_letter_at_once_and_the_others_of_its_batch_are_handled()
    {
        var good = new TaskCompletionSource();
        await _queue.SendAsync(Queue, [Message("s", "a"), Message("s", "poison"), Message("s", "b")], default);
        await RunAsync((_, messages) =>
        {
            if (messages.FirstOrDefault(m => Text(m) == "poison") is { } poison) throw new PoisonMessageException("not a thing") { Poison = poison };
            messages.Select(Text).ShouldBe(["a", "b"]);
            messages.ShouldAllBe(m => m.Attempt == 1);
            good.SetResult();
            return ValueTask.CompletedTask;
        }, async () => await good.Task.WaitAsync(Long));
        (await _queue.PeekDeadLettersAsync(Queue, 10, default)).ShouldHaveSingleItem().Reason.ShouldBe("not a thing");
        await ShouldBeEmptyAsync();
    }

    [Fact]
    public async Task Stopping_finishes_the_batch_in_hand()
    {
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await SendAsync("s", "a");
        using var worker = new QueueWorker(_queue, new Handler(async (_, _) =>
        {
            begun.SetResult();
            await go.Task;
        }), 2, Processor, _log);
        await worker.StartAsync(default);
        await begun.Task.WaitAsync(Long);
        var stopping = worker.StopAsync(default);
        stopping.IsCompleted.ShouldBeFalse();
        go.SetResult();
        await stopping.WaitAsync(Long);
        await ShouldBeEmptyAsync();
    }

    private async Task RunAsync(Func<string, IReadOnlyList<ReceivedMessage>, ValueTask> handle, Func<Task> during)
    {
        using var worker = new QueueWorker(_queue, new Handler(handle), 3, Processor, _log);
        await worker.StartAsync(default);
        await during();
        await worker.StopAsync(default);
    }

    private SessionBatchProcessor Processor => new(new HeldMessages(_store, TimeProvider.System), TimeProvider.System, _processing);

    private async Task ShouldBeEmptyAsync() => (await _queue.ReceiveAsync(Queue, 10, TimeSpan.Zero, default)).ShouldBeNull();

    private ValueTask SendAsync(string session, string body) => _queue.SendAsync(Queue, [Message(session, body)], default);

    private static OutgoingMessage Message(string session, string body) => new(Guid.NewGuid().ToString("N"), session, Encoding.UTF8.GetBytes($"\"{body}\""));

    private static string Text(ReceivedMessage message) => Encoding.UTF8.GetString(message.Body.Span).Trim('"');

    private sealed class Handler(Func<string, IReadOnlyList<ReceivedMessage>, ValueTask> handle) : IMessageHandler
    {
        public string Queue => QueueWorkerTests.Queue;

        public int MaxMessages => 5;

        public ValueTask HandleAsync(string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken) => handle(session, messages);
    }

    private sealed class Lines<T> : ILogger<T>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (All) All.Add(formatter(state, exception) + exception);
        }
    }
}
