using System.Globalization;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Queues.Stored;

/// <summary>The rows of a partition of <see cref="TableNames.Messages"/>: <c>lease</c>; <c>m|sent|sequence|instance</c>, a message's place in the order;
/// <c>w|due|sequence|instance</c>, the same of one that was sent with a delay, which orders it by the time when it is due; <c>b|id</c>, its body, which also
/// keeps the id from being sent twice; <c>dead|time|…</c>, a message that was given up, whose body stays.</summary>
internal static class QueueRows
{
    public const string Lease = "lease";
    public const string MessagePrefix = "m|";
    public const string DelayedPrefix = "w|";
    public const string DeadPrefix = "dead|";

    /// <summary>Two writes end a message, and one of the hundred is the lease's.</summary>
    public const int MaxBatch = (TableLimits.MaxWrites - 1) / 2;

    private const int MaxReason = 2_000;

    public static string Body(string id) => "b|" + id;

    /// <summary>The key of a place.</summary>
    /// <param name="isDelayed">Whether the message was sent with a delay.</param>
    /// <param name="ticks">When it was sent or is due.</param>
    /// <param name="sequence">Orders what shares a moment.</param>
    /// <param name="owner">Tells instances apart.</param>
    public static string Message(bool isDelayed, long ticks, long sequence, string owner) =>
        string.Create(CultureInfo.InvariantCulture, $"{(isDelayed ? DelayedPrefix : MessagePrefix)}{ticks:D19}|{sequence:D12}|{owner}");

    /// <summary>What orders a place among all of its partition.</summary>
    public static ReadOnlySpan<char> Order(string key) => key.AsSpan(MessagePrefix.Length);

    /// <summary>When the message of a place was sent, or is due.</summary>
    public static long Ticks(string key) => long.Parse(key.AsSpan(MessagePrefix.Length, 19), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Everything that was sent without a delay. It is due whatever the clock says: one that was set back must not make it wait.</summary>
    public static KeyRange Sent => KeyRange.Prefix(MessagePrefix);

    /// <summary>What was sent with a delay and is due at <paramref name="now"/>.</summary>
    public static KeyRange Delayed(DateTimeOffset now) =>
        new(DelayedPrefix, string.Create(CultureInfo.InvariantCulture, $"{DelayedPrefix}{now.UtcTicks + 1:D19}"));

    /// <summary>A message's place, as changed.</summary>
    public static TableWrite Put(string key, StoredMessage message) => TableWrite.Put(key, Json.Write(message, QueueJson.Default.StoredMessage));

    /// <summary>The writes that move a message to the dead letters.</summary>
    public static IEnumerable<TableWrite> Bury(string key, StoredMessage message, string reason, DateTimeOffset now)
    {
        var grave = string.Create(CultureInfo.InvariantCulture, $"{DeadPrefix}{now.UtcTicks:D19}|{Order(key)}");
        var dead = message with { NotBefore = null, Wait = null, Reason = reason.Length > MaxReason ? reason[..MaxReason] : reason };
        return [TableWrite.Delete(key), TableWrite.Put(grave, Json.Write(dead, QueueJson.Default.StoredMessage))];
    }

    public static StoredMessage Read(TableRow row) => Json.Read(row.Data, QueueJson.Default.StoredMessage);
}
