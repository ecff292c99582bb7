using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues.Stored;

namespace Lava.Contracts.Tests.Queues;

/// <summary>The one policy over queues in tables: the local head, and the Functions head without Service Bus.</summary>
public sealed class TableQueueProcessorTests : SessionBatchProcessorContract, IAsyncLifetime
{
    private TableQueue _queue = null!;

    public async Task InitializeAsync()
    {
        await Tables.EnsureTablesAsync([Lava.Service.Ports.Tables.TableNames.Messages], default);
        _queue = new TableQueue(Tables, new TableQueueOptions { Buckets = 1, MaxAttempts = MaxAttempts }, Clock);
    }

    public Task DisposeAsync() => _queue.DisposeAsync().AsTask();

    protected override ValueTask SendAsync(string session, params string[] ids) => _queue.SendAsync(Queue, [.. ids.Select(id => new OutgoingMessage(id, session, "{}"u8.ToArray()))], default);

    protected override async Task DeliverAsync()
    {
        while (await _queue.ReceiveAsync(Queue, Handler.MaxMessages, TimeSpan.Zero, default) is { } batch)
        {
            await using (batch) await Processor.ProcessAsync(Handler, batch, default);
        }
    }

    protected override async Task<IReadOnlyList<string>> DeadAsync() => [.. (await _queue.PeekDeadLettersAsync(Queue, 100, default)).Select(message => message.Id)];

    [Fact]
    public async Task A_store_that_fails_with_messages_in_hand_counts_no_attempt()
    {
        await SendAsync("a", "a1");
        for (var i = 0; i < 3 * MaxAttempts; i++)
        {
            await using (var batch = (await _queue.ReceiveAsync(Queue, 10, TimeSpan.Zero, default)).ShouldNotBeNull())
            {
                batch.Messages.ShouldHaveSingleItem().Attempt.ShouldBe(1);

                // The store goes away under the handler, and neither the message nor its wait can be written.
                Fault = _ =>
                {
                    Tables.IsSevered = true;
                    return new TableStoreException("away") { IsTransient = true };
                };
                await Should.ThrowAsync<TableStoreException>(() => Processor.ProcessAsync(Handler, batch, default));
                Tables.IsSevered = false;
            }
        }

        Fault = _ => null;
        await DeliverAsync();
        Handler.Done.ShouldHaveSingleItem().ShouldBe(("a", "a1", 1));
    }
}
