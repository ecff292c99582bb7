using Microsoft.Extensions.Time.Testing;

namespace Lava.Contracts.Tests;

/// <summary>A clock that stands still until it is moved, and counts the timers that wait, so that a test can tell when what it drives has come to rest.</summary>
public sealed class ManualTime() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private int _waiting;

    /// <summary>Timers that are to fire.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new CountedTimer(this, callback, state);
        timer.Start(base.CreateTimer(timer.Fire, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Sets the wall clock back. Timers and timestamps, which measure what has passed, are not moved.</summary>
    public void SetBack(TimeSpan by) => AdjustTime(GetUtcNow() - by);

    private sealed class CountedTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private ITimer? _timer;
        private bool _isPeriodic;
        private int _isWaiting;

        public void Start(ITimer timer) => _timer = timer;

        public void Fire(object? unused)
        {
            if (!_isPeriodic) Count(false);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _isPeriodic = period > TimeSpan.Zero;
            Count(dueTime != Timeout.InfiniteTimeSpan);
            return _timer!.Change(dueTime, period);
        }

        public void Dispose()
        {
            Count(false);
            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Count(false);
            return _timer!.DisposeAsync();
        }

        private void Count(bool isWaiting)
        {
            var was = Interlocked.Exchange(ref _isWaiting, isWaiting ? 1 : 0);
            if (was != (isWaiting ? 1 : 0)) Interlocked.Add(ref time._waiting, isWaiting ? 1 : -1);
        }
    }
}
