using System.Collections.Concurrent;
using Lava.Service.Ports;

namespace Lava.Functions.Tests.Payments;

internal sealed class MemoryVault : IVault
{
    private readonly ConcurrentDictionary<string, string> _secrets = new(StringComparer.OrdinalIgnoreCase);

    public ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult(_secrets.GetValueOrDefault(name));

    public ValueTask SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        _secrets[name] = value;
        return ValueTask.CompletedTask;
    }

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        _secrets.TryRemove(name, out _);
        return ValueTask.CompletedTask;
    }
}
