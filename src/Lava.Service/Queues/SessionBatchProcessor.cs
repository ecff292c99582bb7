using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Queues;

/// <summary>Works on a session's messages with their handler and settles each: what is done is completed, what can never be done goes to the dead letters,
/// and what failed comes again after a
/// wait. Every head hands its batches to this one.
/// <list type="number">
/// <item>At least once: a message is completed after its work. Who dies in between has it delivered again, and every handler bears that.</item>
/// <item>A fault that passes (<see cref="TransientFault"/>) is nobody's fault: what it stopped waits together and in order, for as long as it takes, and no
/// attempt is counted.</item>
/// <item>Of a batch that fails otherwise, messages are worked on one by one, so that the one at fault takes no other with it. Its attempts are counted, and
/// after the queue's most it is a
/// dead letter.</item>
/// <item>A barrier (<see cref="IMessageHandler.IsBarrier"/>) is not worked on while a message of its session that was sent before it waits. Where the queue
/// hands out later messages all the same, what waits is marked (<see cref="HeldMessages"/>), and a barrier that finds a mark waits too. Of a batch from such a
/// queue barriers are worked on last.</item>
/// </list></summary>
public sealed partial class SessionBatchProcessor(HeldMessages held, TimeProvider time, ILogger<SessionBatchProcessor> logger)
{
    /// <summary>Works on a batch. It is done with each message when this returns, unless the session was lost or the queue does not answer: then they are
    /// delivered again.</summary>
    /// <param name="handler">The queue's handler.</param>
    /// <param name="batch">Messages of one session; disposed by the caller.</param>
    /// <param name="cancellationToken">Ends the work; what is not done is given back at once.</param>
    /// <returns>Whether all are done with; false where any waits or was given back.</returns>
    public async Task<bool> ProcessAsync(IMessageHandler handler, ISessionBatch batch, CancellationToken cancellationToken)
    {
        // Where the queue does not keep the order, a message that had to wait may come after a barrier that was sent later.
        List<ReceivedMessage> messages = batch.KeepsOrder ? [.. batch.Messages] : [.. batch.Messages.OrderBy(handler.IsBarrier)];
        var isAll = true;
        try
        {
            if (!batch.KeepsOrder && messages.Exists(handler.IsBarrier) && await AreHeldAsync(handler, batch))
            {
                // What waits may be among these: then the barrier comes after it the next time.
                List<ReceivedMessage> barriers = [.. messages.Where(handler.IsBarrier)];
                await batch.PostponeAsync(barriers, DelayAfter(barriers[0]), CancellationToken.None);
                messages.RemoveAll(handler.IsBarrier);
                isAll = false;
            }

            return await HandleAsync(handler, batch, messages, cancellationToken) && isAll;
        }
        catch (SessionLostException)
        {
            LogLost(handler.Queue, messages.Count);
            return false;
        }
    }

    /// <summary>How long a message waits that failed for the <paramref name="attempt"/>th time: twice as long each time, at most a minute, times 0.5 to 1.5
    /// so that sessions which failed
    /// together do not come back together.</summary>
    public static TimeSpan DelayAfter(int attempt, double jitter) =>
        TimeSpan.FromMilliseconds(Math.Min(60_000, 200 * Math.Pow(2, Math.Min(attempt, 20))) * (0.5 + jitter));

    private static TimeSpan DelayAfter(ReceivedMessage message) => DelayAfter(Math.Max(message.Attempt, message.Waits + 1), Random.Shared.NextDouble());

    private async Task<bool> HandleAsync(IMessageHandler handler, ISessionBatch batch, List<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        while (messages.Count > 0)
        {
            try
            {
                await handler.HandleAsync(batch.Session, messages, cancellationToken);
                await ReleaseAsync(handler, batch, messages);

                // Done is done: a shutdown must not keep them from being completed, or they would be worked on twice.
                await batch.CompleteAsync(messages, CancellationToken.None);
                return true;
            }
            catch (PoisonMessageException poison) when (poison.Poison is { } bad && messages.Contains(bad))
            {
                // The others are handed over again at once, without it: they did nothing wrong.
                LogPoison(handler.Queue, bad.Id, poison);
                if (!await BuryAsync(handler, batch, messages, bad, poison.Message, cancellationToken)) return false;
                messages.Remove(bad);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The process goes; another takes them now.
                await batch.PostponeAsync(messages, TimeSpan.Zero, CancellationToken.None);
                return false;
            }
            catch (SessionLostException)
            {
                throw;
            }
            catch (Exception fault) when (TransientFault.Is(fault))
            {
                LogTransient(handler.Queue, messages.Count, messages[0].Waits + 1, fault);
                await PostponeAsync(handler, batch, messages, cancellationToken);
                return false;
            }
            catch (Exception fault) when (messages.Count > 1)
            {
                LogFailed(handler.Queue, messages.Count, messages[0].Attempt, fault);
                return await HandleOneByOneAsync(handler, batch, messages, cancellationToken);
            }
            catch (Exception fault)
            {
                LogFailed(handler.Queue, 1, messages[0].Attempt, fault);
                return !await FailAsync(handler, batch, messages[0], cancellationToken);
            }
        }

        return true;
    }

    private async Task<bool> HandleOneByOneAsync(
        IMessageHandler handler, ISessionBatch batch, List<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var hasFailed = false;
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            try
            {
                if (hasFailed && handler.IsBarrier(message))
                {
                    await batch.PostponeAsync([message], DelayAfter(message), CancellationToken.None);
                    continue;
                }

                await handler.HandleAsync(batch.Session, [message], cancellationToken);
                await ReleaseAsync(handler, batch, [message]);
                await batch.CompleteAsync([message], CancellationToken.None);
            }
            catch (PoisonMessageException poison) when (poison.Poison == message)
            {
                LogPoison(handler.Queue, message.Id, poison);
                if (!await BuryAsync(handler, batch, messages.GetRange(i, messages.Count - i), message, poison.Message, cancellationToken)) return false;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await batch.PostponeAsync(messages.GetRange(i, messages.Count - i), TimeSpan.Zero, CancellationToken.None);
                return false;
            }
            catch (SessionLostException)
            {
                throw;
            }
            catch (Exception fault) when (TransientFault.Is(fault))
            {
                LogTransient(handler.Queue, messages.Count - i, message.Waits + 1, fault);
                await PostponeAsync(handler, batch, messages.GetRange(i, messages.Count - i), cancellationToken);
                return false;
            }
            catch (Exception fault)
            {
                LogFailed(handler.Queue, 1, message.Attempt, fault);
                hasFailed |= await FailAsync(handler, batch, message, cancellationToken);
            }
        }

        return !hasFailed;
    }

    /// <summary>Has messages come again together after a wait that counts as no attempt.</summary>
    private async ValueTask PostponeAsync(IMessageHandler handler, ISessionBatch batch, List<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var delay = DelayAfter(messages[0]);
        if (await HoldAsync(handler, batch, messages))
        {
            await batch.PostponeAsync(messages, delay, CancellationToken.None);
            return;
        }

        // No mark can be written, so nothing may be overtaken: the wait is here, and then the queue hands them out again in their place.
        await WaitInPlaceAsync(batch, messages, delay, cancellationToken);
    }

    private async ValueTask WaitInPlaceAsync(ISessionBatch batch, IReadOnlyList<ReceivedMessage> messages, TimeSpan delay, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await batch.PostponeAsync(messages, TimeSpan.Zero, CancellationToken.None);
    }

    /// <summary>Counts an attempt; false where it was the last one.</summary>
    private async ValueTask<bool> FailAsync(IMessageHandler handler, ISessionBatch batch, ReceivedMessage message, CancellationToken cancellationToken)
    {
        if (!await HoldAsync(handler, batch, [message]))
        {
            await WaitInPlaceAsync(batch, [message], DelayAfter(message), cancellationToken);
            return true;
        }

        if (await batch.AbandonAsync(message, DelayAfter(message), CancellationToken.None)) return true;
        LogGivenUp(handler.Queue, message.Id, message.Attempt);

        // It holds nothing back any more. A mark that cannot be removed now is worth nothing after a day.
        if (!batch.KeepsOrder && handler.HasBarriers) await TryAsync(() => held.ReleaseAsync(handler.Queue, batch.Session, [message], CancellationToken.None));
        return false;
    }

    /// <summary>Puts a message among the dead letters; false where all of them had to wait instead.</summary>
    private async ValueTask<bool> BuryAsync(
        IMessageHandler handler, ISessionBatch batch, List<ReceivedMessage> messages, ReceivedMessage bad, string reason, CancellationToken cancellationToken)
    {
        try
        {
            await ReleaseAsync(handler, batch, [bad]);
        }
        catch (TableStoreException fault) when (fault.IsTransient)
        {
            LogTransient(handler.Queue, messages.Count, messages[0].Waits + 1, fault);
            await PostponeAsync(handler, batch, messages, cancellationToken);
            return false;
        }

        await batch.DeadLetterAsync(bad, reason, CancellationToken.None);
        return true;
    }

    private async ValueTask<bool> AreHeldAsync(IMessageHandler handler, ISessionBatch batch)
    {
        try
        {
            return await held.AnyAsync(handler.Queue, batch.Session, CancellationToken.None);
        }
        catch (TableStoreException)
        {
            // It cannot be told, and without the store no barrier could be worked on.
            return true;
        }
    }

    // True where later barriers wait for these, by the queue's order or by marks.
    private async ValueTask<bool> HoldAsync(IMessageHandler handler, ISessionBatch batch, List<ReceivedMessage> messages)
    {
        if (batch.KeepsOrder || !handler.HasBarriers) return true;
        List<ReceivedMessage> records = [.. messages.Where(message => !handler.IsBarrier(message))];
        return await TryAsync(() => held.HoldAsync(handler.Queue, batch.Session, records, CancellationToken.None));
    }

    private async ValueTask ReleaseAsync(IMessageHandler handler, ISessionBatch batch, IReadOnlyList<ReceivedMessage> messages)
    {
        if (batch.KeepsOrder || !handler.HasBarriers) return;
        await held.ReleaseAsync(handler.Queue, batch.Session, [.. messages.Where(message => message.Waits > 0)], CancellationToken.None);
    }

    private static async ValueTask<bool> TryAsync(Func<ValueTask> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (TableStoreException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages of {Queue} lost their session and will be delivered again.")]
    private partial void LogLost(string queue, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} messages of {Queue} wait for a temporary fault to end (wait {Times}); this does not count as an attempt.")]
    private partial void LogTransient(string queue, int count, int times, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} messages of {Queue} failed at attempt {Attempt} and will be delivered again.")]
    private partial void LogFailed(string queue, int count, int attempt, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Id} of {Queue} can never be processed and is a dead letter.")]
    private partial void LogPoison(string queue, string id, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Id} of {Queue} failed at attempt {Attempt}, the last one, and is a dead letter.")]
    private partial void LogGivenUp(string queue, string id, int attempt);
}
