using System.Collections.Concurrent;
using Lava.Service.Ports.Vault;

namespace Lava.Service.Tests.Accounts.ProviderKeys;

/// <summary>A vault in memory that can be out of reach, or fail once it has done what it was asked.</summary>
public sealed class WatchedVault : IVault
{
    private int _reads;

    public ConcurrentDictionary<string, string> Secrets { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names that were ever stored.</summary>
    public ConcurrentQueue<string> Stored { get; } = new();

    /// <summary>Reads of merchants' keys so far.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public bool IsDown { get; set; }

    public bool KeepsWhatIsDeleted { get; set; }

    /// <summary>Runs when a secret is stored and before its writer hears of it; null for nothing.</summary>
    public Action? AfterSet { get; set; }

    public IEnumerable<string> MerchantKeys => Secrets.Where(secret => secret.Key.StartsWith("merchant-keys-", StringComparison.Ordinal)).Select(secret => secret.Value);

    public ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (!name.StartsWith("merchant-keys-", StringComparison.Ordinal)) return ValueTask.FromResult<string?>(null);
        Interlocked.Increment(ref _reads);
        return IsDown ? throw new VaultException("The vault is out of reach.") : ValueTask.FromResult(Secrets.GetValueOrDefault(name));
    }

    public ValueTask SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        if (IsDown) throw new VaultException("The vault is out of reach.");
        Secrets.TryAdd(name, value).ShouldBeTrue("a name is used once");
        Stored.ShouldNotContain(name);
        Stored.Enqueue(name);
        AfterSet?.Invoke();
        return ValueTask.CompletedTask;
    }

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (IsDown || KeepsWhatIsDeleted) throw new VaultException("The vault is out of reach.");
        Secrets.TryRemove(name, out _);
        return ValueTask.CompletedTask;
    }
}
