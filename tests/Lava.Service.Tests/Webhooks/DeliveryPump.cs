using Lava.Service.Ports.Queues;
using Lava.Service.Queues;
using Lava.Service.Webhooks.Deliveries;

namespace Lava.Service.Tests.Webhooks;

/// <summary>Makes the attempts at deliveries that are due.</summary>
internal static class DeliveryPump
{
    public static async Task RunAsync(IMessageQueue queue, DeliveryHandler handler)
    {
        while (await queue.ReceiveAsync(handler.Queue, handler.MaxMessages, TimeSpan.Zero, default) is { } batch)
        {
            await using (batch)
            {
                try
                {
                    await handler.HandleAsync(batch.Session, batch.Messages, default);
                    await batch.CompleteAsync(batch.Messages, default);
                }
                catch (PoisonMessageException poison)
                {
                    await batch.DeadLetterAsync(poison.Poison!, poison.Message, default);
                }
            }
        }
    }
}
