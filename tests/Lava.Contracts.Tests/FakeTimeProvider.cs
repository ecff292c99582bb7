namespace Lava.Contracts.Tests;

/// <summary>A clock that stands still until it is moved, and whose timers fire when it is.</summary>
public sealed class FakeTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _timers = [];
    private TimeSpan _setBack;
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp()
    {
        lock (_lock) return (_now + _setBack).UtcTicks;
    }

    /// <summary>Sets the clock back. Timers and timestamps, which measure what has passed, are not moved.</summary>
    public void SetBack(TimeSpan by)
    {
        lock (_lock)
        {
            _now -= by;
            _setBack += by;
            foreach (var timer in _timers) timer.SetBack(by);
        }
    }

    /// <summary>Timers that are to fire: what waits by this clock.</summary>
    public int Pending
    {
        get
        {
            lock (_lock) return _timers.Count(timer => timer.Due < DateTimeOffset.MaxValue);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock from one timer to the next, running each.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (true)
        {
            FakeTimer? next;
            lock (_lock)
            {
                next = _timers.Where(t => t.Due <= end).MinBy(t => t.Due);
                _now = next is null ? end : next.Due > _now ? next.Due : _now;
                next?.Arm();
            }

            if (next is null) return;
            next.Fire();
        }
    }

    private sealed class FakeTimer(FakeTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset Due { get; private set; } = DateTimeOffset.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                _period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : time._now + dueTime;
                if (!time._timers.Contains(this)) time._timers.Add(this);
            }

            return true;
        }

        public void SetBack(TimeSpan by) => Due = Due == DateTimeOffset.MaxValue ? Due : Due - by;

        public void Arm() => Due = _period > TimeSpan.Zero ? Due + _period : DateTimeOffset.MaxValue;

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._lock) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
