namespace Lava.Functions.Storage;

/// <summary>How long a call to the table service goes on trying: a few times, each time after twice as long a wait as the last, or after as long as the service
/// asks for, and never past an end. One for each call.</summary>
internal sealed class StoragePatience(TimeProvider time)
{
    /// <summary>Tries of a call.</summary>
    public const int MaxTries = 6;

    /// <summary>After this long no further try is begun: a client that waits for an answer has given up by then, and a message is delivered again.</summary>
    public static readonly TimeSpan End = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    private readonly long _start = time.GetTimestamp();
    private int _tries;

    /// <summary>Waits for the next try; false, at once, where there is to be none.</summary>
    /// <param name="asked">How long the service asks to be left alone. Never shortened: a wait that is longer than the time left is none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<bool> WaitAsync(TimeSpan? asked, CancellationToken cancellationToken)
    {
        if (++_tries >= MaxTries) return false;

        // Between half and all of it, so that those who failed together do not come back together.
        var wait = FirstWait * Math.Pow(2, _tries - 1) * (0.5 + (Random.Shared.NextDouble() / 2));
        if (asked > wait) wait = asked.Value;
        if (time.GetElapsedTime(_start) + wait > End) return false;
        await Task.Delay(wait, time, cancellationToken);
        return true;
    }
}
