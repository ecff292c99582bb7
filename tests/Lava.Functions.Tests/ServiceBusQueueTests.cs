using Azure.Messaging.ServiceBus;
using Lava.Functions.Queues;
using Lava.Service.Ports;

namespace Lava.Functions.Tests;

public sealed class ServiceBusQueueTests
{
    [Fact]
    public async Task Messages_that_fit_into_no_batch_together_go_in_several_in_order()
    {
        var client = new Client(perBatch: 2);

        await new ServiceBusQueue(client, TimeProvider.System).SendAsync("q", [.. Enumerable.Range(1, 5).Select(i => Message($"m{i}"))], CancellationToken.None);

        client.Sent.Select(batch => string.Join(' ', batch.Select(message => message.MessageId))).ShouldBe(["m1 m2", "m3 m4", "m5"]);
        client.Sent.SelectMany(batch => batch).ShouldAllBe(message => message.SessionId == "s" && message.Body.ToString() == "{}");
        client.Senders.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_fits_into_no_batch_at_all_is_refused_rather_than_tried_for_ever() =>
        await Should.ThrowAsync<ArgumentException>(async () =>
            await new ServiceBusQueue(new Client(perBatch: 0), TimeProvider.System).SendAsync("q", [Message("m1")], CancellationToken.None));

    private static OutgoingMessage Message(string id) => new(id, "s", "{}"u8.ToArray());

    private sealed class Client(int perBatch) : ServiceBusClient
    {
        public List<List<ServiceBusMessage>> Sent { get; } = [];

        public int Senders { get; private set; }

        public override ServiceBusSender CreateSender(string queueOrTopicName)
        {
            Senders++;
            return new Sender(perBatch, Sent);
        }
    }

    private sealed class Sender(int perBatch, List<List<ServiceBusMessage>> sent) : ServiceBusSender
    {
        private List<ServiceBusMessage> _current = [];

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            var store = _current = [];
            return ValueTask.FromResult(ServiceBusModelFactory.ServiceBusMessageBatch(0, store, null, _ => store.Count < perBatch));
        }

        public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
        {
            sent.Add([.. _current]);
            return Task.CompletedTask;
        }
    }
}
