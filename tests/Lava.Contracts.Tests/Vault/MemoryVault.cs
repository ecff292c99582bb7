using System.Collections.Concurrent;
using Lava.Service.Ports.Vault;

namespace Lava.Contracts.Tests.Vault;

/// <summary>A vault that forgets with its process.</summary>
public sealed class MemoryVault : IVault
{
    private readonly ConcurrentDictionary<string, string> _secrets = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The values that it holds.</summary>
    public IEnumerable<string> Values => _secrets.Values;

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
