using Lava.Service.Ports.Queues;

namespace Lava.Service.Admin;

/// <summary>Whether any queue has given a message up, asked of the queues at most every few seconds.</summary>
internal sealed class DeadLetterCount(IMessageQueue queue, TimeProvider time)
{
    private static readonly TimeSpan KeepTime = TimeSpan.FromSeconds(10);

    // Without the lock all who find the answer too old at once would each ask the queues.
    private readonly Lock _gate = new();
    private Task<bool>? _answer;
    private long _askedAt;
    private bool _isAny;

    /// <summary>Whether there is one; the last answer where the queues do not answer now.</summary>
    public async ValueTask<bool> IsAnyAsync(CancellationToken cancellationToken)
    {
        Task<bool> answer;
        lock (_gate)
        {
            if (_answer is null || (_answer.IsCompleted && time.GetElapsedTime(_askedAt) >= KeepTime)) (_answer, _askedAt) = (AskAsync(), time.GetTimestamp());
            answer = _answer;
        }

        return await answer.WaitAsync(cancellationToken);
    }

    private async Task<bool> AskAsync()
    {
        await Task.Yield();
        try
        {
            var isAny = false;
            foreach (var name in QueueNames.All) isAny |= (await queue.PeekDeadLettersAsync(name, 1, CancellationToken.None)).Count > 0;
            _isAny = isAny;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A store that does not answer makes the instance unready by itself; a broker that does not has alerts of its own.
        }

        return _isAny;
    }
}
