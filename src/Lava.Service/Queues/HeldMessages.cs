using System.Security.Cryptography;
using System.Text;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues.Stored;
using Lava.Service.Storage;

namespace Lava.Service.Queues;

/// <summary>Marks of the messages that wait after a failure, for queues that hand out later messages of their session meanwhile. They cost the store nothing
/// as long as nothing fails.
/// Rows of <see cref="TableNames.Messages"/>, a partition a session: a hash of the message's id as the key, the time as the value.</summary>
public sealed class HeldMessages(ITableStore tables, TimeProvider time)
{
    private const string Prefix = "held|";

    /// <summary>How long a mark is worth something. No message waits longer than minutes, so an older one was left behind: its message is a dead letter that
    /// the broker made.</summary>
    private static readonly TimeSpan Worth = TimeSpan.FromDays(1);

    /// <summary>Whether any message of the session waits.</summary>
    /// <exception cref="TableStoreException">It cannot be told.</exception>
    public async ValueTask<bool> AnyAsync(string queue, string session, CancellationToken cancellationToken)
    {
        var partition = Partition(queue, session);
        var oldest = time.GetUtcNow() - Worth;
        var rows = await tables.QueryAsync(TableNames.Messages, partition, KeyRange.Prefix(Prefix), TableLimits.MaxPage, cancellationToken);
        return rows.Any(row => Json.Read(row.Data, QueueJson.Default.DateTimeOffset) >= oldest);
    }

    /// <summary>Marks messages, before they wait.</summary>
    /// <exception cref="TableStoreException">They are not marked for certain.</exception>
    public async ValueTask HoldAsync(string queue, string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var now = Json.Write(time.GetUtcNow(), QueueJson.Default.DateTimeOffset);
        foreach (var chunk in messages.Select(Row).Distinct().Chunk(TableLimits.MaxWrites))
            await tables.CommitAsync(TableNames.Messages, Partition(queue, session), [.. chunk.Select(row => TableWrite.Put(row, now))], cancellationToken);
    }

    /// <summary>Removes the marks of messages that are done; nothing happens where there are none.</summary>
    /// <exception cref="TableStoreException">They are not removed for certain.</exception>
    public async ValueTask ReleaseAsync(string queue, string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        // Each by itself: one that has no mark must not keep another's from going.
        foreach (var row in messages.Select(Row).Distinct())
            await tables.CommitAsync(TableNames.Messages, Partition(queue, session), [TableWrite.Delete(row)], cancellationToken);
    }

    // Hashes, for a broker's ids and sessions may have characters that keys may not.
    private static string Partition(string queue, string session) => $"held|{queue}|{Hash(session)}";

    private static string Row(ReceivedMessage message) => Prefix + Hash(message.Id);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
