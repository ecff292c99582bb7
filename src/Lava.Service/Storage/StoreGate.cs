using Lava.Service.Ports.Tables;

namespace Lava.Service.Storage;

/// <summary>Whether the store takes writes, found out by writing. While it does not, calls are refused before they are sent: their answers could not be kept,
/// so they would cost the merchant and be cut.</summary>
public sealed class StoreGate(ITableStore tables, TimeProvider time)
{
    /// <summary>How often a store that took no writes is tried again.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an answer is good for: whoever asks more often costs the store nothing.</summary>
    private static readonly TimeSpan KeepTime = TimeSpan.FromSeconds(1);

    /// <summary>A store that takes longer than this to write a row is not ready.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private const string Partition = "health";
    private const string Row = "ready";

    // Without the lock all who ask for the state at once would each write a row to find out.
    private readonly Lock _gate = new();
    private Task<StoreState>? _probe;
    private long _probedAt;
    private volatile bool _isClosed;

    /// <summary>Whether calls may be let in.</summary>
    public bool IsOpen => !_isClosed;

    /// <summary>Something that must be kept could not be written.</summary>
    public void Failed() => _isClosed = true;

    /// <summary>Lets calls in again when the store takes writes. Run every <see cref="Period"/>.</summary>
    public async ValueTask TendAsync(CancellationToken cancellationToken)
    {
        if (_isClosed) await FindAsync(cancellationToken);
    }

    /// <summary>How the store is now, or was within the last second.</summary>
    public async ValueTask<StoreState> FindAsync(CancellationToken cancellationToken)
    {
        Task<StoreState> probe;
        lock (_gate)
        {
            if (_probe is null || (_probe.IsCompleted && time.GetElapsedTime(_probedAt) >= KeepTime)) _probe = ProbeAsync();
            probe = _probe;
        }

        try
        {
            return await probe.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return StoreState.Unavailable;
        }
    }

    private async Task<StoreState> ProbeAsync()
    {
        await Task.Yield();
        try
        {
            await tables.CommitAsync(TableNames.Merchants, Partition, [TableWrite.Put(Row, "{}"u8.ToArray())], CancellationToken.None);
            _isClosed = false;
            return StoreState.Ready;
        }
        catch (TableStoreException fault)
        {
            _isClosed = true;
            return fault.IsTransient ? StoreState.Unavailable : StoreState.Failed;
        }
        finally
        {
            _probedAt = time.GetTimestamp();
        }
    }
}
