namespace Lava.Service.Tests.Support;

/// <summary>Clocks that the test moves: the wall clock, which can also be set alone, and the monotonic one. Timers run in real time.</summary>
public sealed class TestClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private long _ticks = Start.Ticks;
    private long _set;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks) + Interlocked.Read(ref _set), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    /// <summary>Somebody sets the wall clock; the monotonic one runs on.</summary>
    public void SetWall(TimeSpan by) => Interlocked.Add(ref _set, by.Ticks);
}
