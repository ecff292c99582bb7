using Lava.Core.Keys;
using Lava.Service.Metering.Records;

namespace Lava.Service.Metering.Pending;

/// <summary>A call in flight on this instance.</summary>
/// <param name="tenant">Whose call.</param>
/// <param name="draft">Its record as far as it is known.</param>
public sealed class PendingCall(Tenant tenant, UsageRecord draft)
{
    // A call ends while the flush writes its row: without the lock it could end as a call without a row, and the row would stay until the sweep.
    private readonly Lock _gate = new();
    private State _state;

    private enum State
    {
        InFlight,
        Writing,
        Written,
        Finished,
    }

    /// <summary>Whose call.</summary>
    public Tenant Tenant { get; } = tenant;

    /// <summary>Its record as far as it is known.</summary>
    public UsageRecord Draft { get; } = draft;

    /// <summary>Ends it; true where a row stands for it or is about to.</summary>
    public bool Finish()
    {
        lock (_gate)
        {
            var hasRow = _state is State.Writing or State.Written;
            _state = State.Finished;
            return hasRow;
        }
    }

    internal bool TryStartWriting()
    {
        lock (_gate)
        {
            if (_state != State.InFlight) return false;
            _state = State.Writing;
            return true;
        }
    }

    internal void Written()
    {
        lock (_gate)
        {
            if (_state == State.Writing) _state = State.Written;
        }
    }
}
