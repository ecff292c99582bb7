using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Queues.Stored;

/// <summary>A partition as this instance knows it. Every change of a message replaces the lease's row in the same transaction, at the version that this
/// instance wrote: who has lost the lease changes nothing, and who works keeps it without asking.</summary>
internal sealed class QueueBucket(ITableStore tables, string partition, string owner, TimeSpan leaseTime, TimeProvider time) : IDisposable
{
    // Upkeep renews the lease while its receiver completes messages: without the lock one of the two would write at a version that the other has just
    // replaced, and take the lease for lost.
    private readonly SemaphoreSlim _gate = new(1, 1);
    private int _isBusy;
    private string? _version;
    private long _heldSince;
    private (string? ETag, long At) _seen;

    public string Partition { get; } = partition;

    /// <summary>Whether the lease is held for long enough to begin a batch. By the clock that is never set: the other one may go back and would never come to
    /// the lease's end.</summary>
    public bool IsHeld => _version is not null && time.GetElapsedTime(_heldSince) < leaseTime / 3 * 2;

    /// <summary>Whether another's lease has stood unchanged for so long that its holder is dead. Whatever its time says: it may have been written by a clock
    /// that was ahead.</summary>
    /// <param name="etag">The version of the lease's row as it was just read.</param>
    public bool HasStoodStill(string etag)
    {
        var now = time.GetTimestamp();
        if (_seen.ETag != etag) _seen = (etag, now);
        return time.GetElapsedTime(_seen.At, now) > leaseTime;
    }

    /// <summary>Makes the caller the one receiver of this instance that works on it; false where there is one.</summary>
    public bool TryEnter() => Interlocked.CompareExchange(ref _isBusy, 1, 0) == 0;

    public void Leave() => Volatile.Write(ref _isBusy, 0);

    /// <summary>Takes the lease, whose row was read as <paramref name="stored"/>, and carries out <paramref name="writes"/> with it; false where another was
    /// quicker.</summary>
    public async ValueTask<bool> TakeAsync(TableRow? stored, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await WriteAsync(stored?.ETag, writes, isGivenBack: false, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Carries out <paramref name="writes"/>, and keeps the lease or gives it back.</summary>
    /// <exception cref="SessionLostException">The lease is another's; nothing was written.</exception>
    public async ValueTask CommitAsync(IReadOnlyList<TableWrite> writes, bool isGivenBack, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_version is null || !await WriteAsync(_version, writes, isGivenBack, cancellationToken)) throw new SessionLostException();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Holds the lease for longer, if it is held.</summary>
    public ValueTask RenewAsync() => KeepAsync(isGivenBack: false, CancellationToken.None);

    /// <summary>Gives the lease back, if it is held.</summary>
    public ValueTask GiveBackAsync(CancellationToken cancellationToken) => KeepAsync(isGivenBack: true, cancellationToken);

    public void Dispose() => _gate.Dispose();

    private async ValueTask KeepAsync(bool isGivenBack, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_version is not null) await WriteAsync(_version, [], isGivenBack, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask<bool> WriteAsync(string? version, IReadOnlyList<TableWrite> writes, bool isGivenBack, CancellationToken cancellationToken)
    {
        // Until the store answers it is unknown which version is stored, so an error loses the lease; the next batch reads it anew.
        _version = null;
        var since = time.GetTimestamp();
        var until = isGivenBack ? default : time.GetUtcNow() + leaseTime;
        var data = Json.Write(new BucketLease(owner, until), QueueJson.Default.BucketLease);
        var lease = version is null ? TableWrite.Insert(QueueRows.Lease, data) : TableWrite.Replace(QueueRows.Lease, data, version);
        var result = await tables.CommitAsync(TableNames.Messages, Partition, [lease, .. writes], cancellationToken);
        if (result.IsCommitted && !isGivenBack) (_version, _heldSince) = (result.ETags[0], since);
        return result.IsCommitted;
    }
}
