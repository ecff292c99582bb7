namespace Lava.Local.Demo;

/// <summary>The clock of the demo's two months: it is moved by hand, and runs many times as fast as the real one in between, so that an answer that takes a
/// second takes a few hundredths of one.</summary>
internal sealed class DemoClock(DateTimeOffset start) : TimeProvider
{
    /// <summary>How many times as fast as the real clock.</summary>
    public const int Speed = 20;

    private readonly long _began = System.GetTimestamp();
    private long _moved;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => start.AddTicks(GetTimestamp());

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _moved) + (System.GetElapsedTime(_began).Ticks * Speed);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, Short(dueTime), Short(period)));

    /// <summary>Moves on to a time, unless it is later already.</summary>
    public void MoveTo(DateTimeOffset time)
    {
        if (time - GetUtcNow() is { Ticks: > 0 } ahead) Interlocked.Add(ref _moved, ahead.Ticks);
    }

    private static TimeSpan Short(TimeSpan time) => time <= TimeSpan.Zero ? time : TimeSpan.FromTicks(Math.Max(1, time.Ticks / Speed));

    private sealed class FastTimer(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Short(dueTime), Short(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
