using System.Globalization;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Queues;

/// <summary>The rows of a partition of <see cref="Tables.Messages"/>: <c>lease</c>; <c>m|due|sequence|instance</c>, a message's place in the order;
/// <c>b|id</c>, its body, which also keeps the id from being sent twice; <c>dead|time|…</c>, a message that was given up, whose body stays.</summary>
internal static class QueueRows
{
    public const string Lease = "lease";
    public const string MessagePrefix = "m|";
    public const string DeadPrefix = "dead|";

    /// <summary>Two writes end a message, and one of the hundred is the lease's.</summary>
    public const int MaxBatch = (TableLimits.MaxWrites - 1) / 2;

    private const int MaxReason = 2_000;

    public static string Body(string id) => "b|" + id;

    public static string Message(long due, long sequence, string owner) => string.Create(CultureInfo.InvariantCulture, $"{MessagePrefix}{due:D19}|{sequence:D12}|{owner}");

    /// <summary>Everything due at <paramref name="now"/>.</summary>
    public static KeyRange Due(DateTimeOffset now) => new(MessagePrefix, string.Create(CultureInfo.InvariantCulture, $"{MessagePrefix}{now.UtcTicks + 1:D19}"));

    /// <summary>A message's place, as changed.</summary>
    public static TableWrite Put(string key, StoredMessage message) => TableWrite.Put(key, Json.Write(message, QueueJson.Default.StoredMessage));

    /// <summary>The writes that move a message to the dead letters.</summary>
    public static IEnumerable<TableWrite> Bury(string key, StoredMessage message, string reason, DateTimeOffset now)
    {
        var grave = string.Create(CultureInfo.InvariantCulture, $"{DeadPrefix}{now.UtcTicks:D19}|{key.AsSpan(MessagePrefix.Length)}");
        var dead = message with { NotBefore = null, Reason = reason.Length > MaxReason ? reason[..MaxReason] : reason };
        return [TableWrite.Delete(key), TableWrite.Put(grave, Json.Write(dead, QueueJson.Default.StoredMessage))];
    }

    public static StoredMessage Read(TableRow row) => Json.Read(row.Data, QueueJson.Default.StoredMessage);
}
