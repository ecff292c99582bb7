namespace Lava.Service.Gateway.Calls;

/// <summary>The calls of this instance, so that one that stops can end those that are left and need not leave what they had reserved to run out.</summary>
internal sealed class CallsInFlight : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>Ends the waits of every call: the instance stops, and its time is over.</summary>
    internal CancellationToken Ended => _ended.Token;

    /// <summary>Counts a call; whoever counts it calls <see cref="Leave"/>.</summary>
    internal void Enter() => Interlocked.Increment(ref _count);

    /// <summary>A call has ended.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0 && _ended.IsCancellationRequested) _none.TrySetResult();
    }

    /// <summary>Ends the calls that are left and waits for them, at most that long.</summary>
    internal async Task EndAsync(TimeSpan longest, TimeProvider time)
    {
        await _ended.CancelAsync();
        if (Volatile.Read(ref _count) == 0) return;
        await _none.Task.WaitAsync(longest, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();
}
