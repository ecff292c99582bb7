using Lava.Service.Ports.Queues;

namespace Lava.Service.Admin;

/// <summary>What the operator does about messages that were given up, by the command line and the admin API.</summary>
public sealed class DeadLetters(IMessageQueue queue, AdminLog log)
{
    /// <summary>Most dead letters of a queue that are looked at at once.</summary>
    public const int Most = 1_000;

    /// <summary>The dead letters of a queue, or of all where it is null, oldest of each queue first.</summary>
    public async ValueTask<IReadOnlyList<DeadLetterResponse>> ListAsync(string? queueName, int take, CancellationToken cancellationToken)
    {
        var found = new List<DeadLetterResponse>();
        foreach (var name in queueName is null ? QueueNames.All : [queueName])
        {
            if (found.Count == take) break;
            foreach (var message in await queue.PeekDeadLettersAsync(name, take - found.Count, cancellationToken))
                found.Add(new DeadLetterResponse(message.Id, name, message.Session, message.Attempt, message.Reason, message.Body.Length));
        }

        return found;
    }

    /// <summary>Sends a message again, or drops it for good; false where the queue has no such dead letter.</summary>
    /// <param name="queueName">The queue.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="isRetry">Whether it is sent again.</param>
    /// <param name="address">From which address the operator asks; null for the command line.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<bool> ChangeAsync(string queueName, string id, bool isRetry, string? address, CancellationToken cancellationToken)
    {
        var message = (await queue.PeekDeadLettersAsync(queueName, Most, cancellationToken)).FirstOrDefault(message => message.Id == id);
        if (message is null) return false;
        var isDone = isRetry
            ? await queue.RetryDeadLetterAsync(queueName, message, cancellationToken)
            : await queue.DropDeadLetterAsync(queueName, message, cancellationToken);
        if (isDone) await log.AddAsync(isRetry ? "dead_letter.retried" : "dead_letter.dropped", null, address, cancellationToken, $"{queueName}/{id}");
        return isDone;
    }
}
