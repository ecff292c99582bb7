using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Lava.FunctionsHost;

/// <summary>Messages that a run of a function has, by the tokens of their locks, with what settles them.</summary>
internal sealed class Locks
{
    private readonly ConcurrentDictionary<string, HeldMessage> _held = new(StringComparer.Ordinal);

    public HeldMessage Hold(HeldMessage message) => _held[message.Message.LockToken] = message;

    public void Forget(ServiceBusReceivedMessage message) => _held.TryRemove(message.LockToken, out _);

    public HeldMessage? Find(string lockToken) => _held.GetValueOrDefault(lockToken);
}
