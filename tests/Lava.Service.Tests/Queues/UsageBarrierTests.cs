using Lava.Core.Keys;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Queues;
using Lava.Service.Storage;
using Lava.Service.Storage.Expiry;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Queues;

/// <summary>What must not overtake a usage record is known by its id, as its sender gives it.</summary>
public sealed class UsageBarrierTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private static readonly Tenant Tenant = new("mer_1", Mode.Test);

    [Fact]
    public async Task Fences_and_marks_are_barriers_and_records_are_none()
    {
        var handler = host.Services.GetRequiredService<UsageMessageHandler>();
        handler.HasBarriers.ShouldBeTrue();
        var queue = new Outgoing();
        await new UsageQueueFences(queue, host.Clock).SendAsync(new LeaseFence(BookKey.Wallet(Tenant).Partition, "lease", null), default);
        using var settles = new CancellationTokenSource();
        queue.Sent += settles.Cancel;
        var settling = new Settling(host.Tables, queue, host.Services.GetRequiredService<ExpiryIndex>(), host.Clock);
        await Should.ThrowAsync<OperationCanceledException>(async () => await settling.WaitAsync(Tenant, settles.Token));
        var record = new UsageRecord
        {
            Call = "01M3000000000000000000000A", RequestId = "req_test_1", CreatedAt = host.Clock.GetUtcNow(), CompletedAt = host.Clock.GetUtcNow(),
            Provider = "openai", ProviderKeyType = "managed", Endpoint = "/v1/chat/completions",
        };
        await new UsageRecorder(queue, host.Services.GetRequiredService<StoreGate>()).RecordAsync(Tenant, record);
        queue.Messages.Select(message => handler.IsBarrier(new ReceivedMessage(message.Id, message.Session, message.Body, 1, "r"))).ShouldBe([true, true, false]);
        queue.Messages.Select(message => message.Session).Distinct().ShouldHaveSingleItem();
    }

    private sealed class Outgoing : IMessageQueue
    {
        public event Action? Sent;

        public List<OutgoingMessage> Messages { get; } = [];

        public ValueTask SendAsync(string queue, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
        {
            queue.ShouldBe(UsageQueue.Name);
            Messages.AddRange(messages);
            Sent?.Invoke();
            return ValueTask.CompletedTask;
        }

        public ValueTask<ISessionBatch?> ReceiveAsync(string queue, int maxMessages, TimeSpan wait, CancellationToken cancellationToken) => ValueTask.FromResult<ISessionBatch?>(null);

        public ValueTask<QueueDepth> MeasureAsync(string queue, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ReceivedMessage>> PeekDeadLettersAsync(string queue, int take, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<ReceivedMessage>>([]);

        public ValueTask<bool> RetryDeadLetterAsync(string queue, ReceivedMessage message, CancellationToken cancellationToken) => ValueTask.FromResult(false);

        public ValueTask<bool> DropDeadLetterAsync(string queue, ReceivedMessage message, CancellationToken cancellationToken) => ValueTask.FromResult(false);
    }
}
