namespace Lava.Service.Gateway.Relay;

/// <summary>Ends a wait when another ends, or after a time of its own.</summary>
internal sealed class LinkedTimeout : IDisposable
{
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _either;

    public LinkedTimeout(TimeSpan longest, TimeProvider time, CancellationToken other)
    {
        _timeout = new CancellationTokenSource(longest, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, other);
    }

    public CancellationToken Token => _either.Token;

    public void Dispose()
    {
        _either.Dispose();
        _timeout.Dispose();
    }
}
