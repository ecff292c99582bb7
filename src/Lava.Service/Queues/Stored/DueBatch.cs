using Lava.Service.Ports.Tables;

namespace Lava.Service.Queues.Stored;

/// <summary>What a receiver would take from a partition now.</summary>
/// <param name="Session">The first session that is due.</param>
/// <param name="Messages">Its first messages, with their keys.</param>
/// <param name="HasMore">Whether more may be due after them.</param>
internal sealed record DueBatch(string Session, List<(string Key, StoredMessage Message)> Messages, bool HasMore)
{
    /// <summary>Looks for it. A session whose first message waits is passed over with all its messages. A message that failed before is taken alone, so that
    /// a poisonous one does not draw its neighbours' attempts down with its own.</summary>
    public static async ValueTask<DueBatch?> FindAsync(ITableStore tables, string partition, DateTimeOffset now, int max, CancellationToken cancellationToken)
    {
        HashSet<string>? waiting = null;
        string? session = null;
        var messages = new List<(string, StoredMessage)>();
        var (sent, delayed) = (new PlaceCursor(tables, partition, QueueRows.Sent), new PlaceCursor(tables, partition, QueueRows.Delayed(now)));
        bool isClosed = false, hasMore = false;
        while (true)
        {
            if (sent.NeedsRows || delayed.NeedsRows)
            {
                // What was read is enough for a batch; there may be more of it.
                if (session is not null) return new DueBatch(session, messages, true);
                await Task.WhenAll(sent.FillAsync(cancellationToken), delayed.FillAsync(cancellationToken));
            }

            var next = PlaceCursor.First(sent, delayed);
            if (next is null) return session is null ? null : new DueBatch(session, messages, hasMore);
            var row = next.Take();
            var message = QueueRows.Read(row);
            if (waiting?.Contains(message.Session) == true) continue;
            if (session is null && message.IsWaiting(now))
            {
                (waiting ??= new HashSet<string>(StringComparer.Ordinal)).Add(message.Session);
                continue;
            }

            session ??= message.Session;
            isClosed |= messages.Count == max || (messages.Count > 0 && message.Session == session && message.Attempts > 0);
            if (message.Session != session || isClosed)
            {
                hasMore = true;
                continue;
            }

            messages.Add((row.Key, message));
            isClosed = message.Attempts > 0;
        }
    }
}
