using System.Collections.Concurrent;
using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Lava.Service.Ports.Vault;
using Microsoft.Extensions.Logging;

namespace Lava.Functions.Vault;

/// <summary>Secrets in Key Vault, read from memory for a minute, what is not there included: a vault takes 4,000 reads in ten seconds (Microsoft Learn, "Azure
/// Key Vault service limits"), and the gateway needs a key with every call. Many who ask at once cost one read. While the vault is out of reach, what was read
/// in the last hour goes on; what nobody has asked for in that time leaves the memory.</summary>
public sealed partial class KeyVaultVault(SecretClient client, TimeProvider time, ILogger<KeyVaultVault> logger) : IVault
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    /// <summary>How long an old answer stands in for a vault that does not answer.</summary>
    private static readonly TimeSpan Endurance = TimeSpan.FromHours(1);

    /// <summary>How long a vault that does not answer is left alone.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _reads = new(StringComparer.OrdinalIgnoreCase);
    private long _nextSweep;

    /// <summary>How many names it has an answer for in memory.</summary>
    internal int Kept => _known.Count;

    /// <inheritdoc />
    public async ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(name, out var known) && time.GetUtcNow() < known.AskAgainAt) return known.Value;
        var read = _reads.GetOrAdd(name, asked => new Lazy<Task<string?>>(() => ReadAsync(asked)));
        return await read.Value.WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(name, value, cancellationToken);
        }
        catch (Exception fault) when (IsOutOfReach(fault))
        {
            throw Refused(fault);
        }

        Remember(name, value);
    }

    /// <inheritdoc />
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await client.StartDeleteSecretAsync(name, cancellationToken);
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            // There is none, which is what was asked for.
        }
        catch (Exception fault) when (IsOutOfReach(fault))
        {
            throw Refused(fault);
        }

        Remember(name, null);
    }

    private async Task<string?> ReadAsync(string name)
    {
        // Not what another has written while this was on its way.
        _known.TryGetValue(name, out var before);
        try
        {
            string? value;
            try
            {
                value = (await client.GetSecretAsync(name, null, CancellationToken.None)).Value.Value;
            }
            catch (RequestFailedException fault) when (fault.Status == 404)
            {
                value = null;
            }

            var settled = Settle(name, before, new Known(value, time.GetUtcNow(), time.GetUtcNow() + Freshness));
            Sweep();
            return settled;
        }
        catch (Exception fault) when (IsOutOfReach(fault))
        {
            var now = time.GetUtcNow();
            if (before is null || now - before.ReadAt > Endurance) throw Refused(fault);
            LogStale(fault);
            return Settle(name, before, before with { AskAgainAt = now + Pause });
        }
        finally
        {
            _reads.TryRemove(name, out _);
        }
    }

    private string? Settle(string name, Known? before, Known after)
    {
        var isSettled = before is null ? _known.TryAdd(name, after) : _known.TryUpdate(name, after, before);
        return !isSettled && _known.TryGetValue(name, out var other) ? other.Value : after.Value;
    }

    private async Task WriteAsync(string name, string value, CancellationToken cancellationToken)
    {
        try
        {
            await client.SetSecretAsync(name, value, cancellationToken);
        }
        catch (RequestFailedException fault) when (fault.Status == 409)
        {
            // A deleted secret keeps its name until it is purged, which a vault may forbid: bring it back, then replace it.
            var recovery = await client.StartRecoverDeletedSecretAsync(name, cancellationToken);
            await recovery.WaitForCompletionAsync(cancellationToken);
            await client.SetSecretAsync(name, value, cancellationToken);
        }
    }

    private void Remember(string name, string? value) => _known[name] = new Known(value, time.GetUtcNow(), time.GetUtcNow() + Freshness);

    private void Sweep()
    {
        var (now, next) = (time.GetUtcNow(), Interlocked.Read(ref _nextSweep));
        if (now.Ticks < next || Interlocked.CompareExchange(ref _nextSweep, (now + Freshness).Ticks, next) != next) return;
        foreach (var known in _known)
        {
            if (now - known.Value.ReadAt > Endurance) _known.TryRemove(known);
        }
    }

    private static bool IsOutOfReach(Exception fault) =>
        fault is RequestFailedException or AuthenticationFailedException or AggregateException { InnerException: RequestFailedException };

    private static VaultException Refused(Exception fault) => new("Key Vault is unavailable or refuses this app.", fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Key Vault cannot be read. Values that were read before stay valid for an hour.")]
    private partial void LogStale(Exception fault);

    private sealed record Known(string? Value, DateTimeOffset ReadAt, DateTimeOffset AskAgainAt);
}
