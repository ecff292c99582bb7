using Lava.Core.Ids;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Admin;

/// <summary>Keeps for good what the operator did, in the store and in the log.</summary>
public sealed partial class AdminLog(ITableStore tables, TimeProvider time, ILogger<AdminLog> logger)
{
    private const string Partition = "admin-log";

    /// <summary>Writes down a deed.</summary>
    public async ValueTask AddAsync(string action, string? merchantId, string? address, CancellationToken cancellationToken, string? subject = null)
    {
        var now = time.GetUtcNow();
        var deed = new AdminAction(Ulid.Create(now), action, merchantId, now, address, subject);
        await tables.CommitAsync(
            TableNames.Merchants,
            Partition,
            [TableWrite.Insert(Ulid.Mirror(deed.EventId), Json.Write(deed, AdminJson.Default.AdminAction))],
            cancellationToken);
        LogDeed(action, merchantId ?? subject, address);
    }

    /// <summary>Deeds, newest first.</summary>
    /// <param name="take">Most deeds.</param>
    /// <param name="after">The event after which they begin; null for the newest.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<IReadOnlyList<AdminAction>> ListAsync(int take, string? after, CancellationToken cancellationToken)
    {
        var range = after is null ? KeyRange.Prefix("") : KeyRange.Prefix("").After(Ulid.Mirror(after));
        var rows = await tables.QueryAsync(TableNames.Merchants, Partition, range, take, cancellationToken);
        return [.. rows.Select(row => Json.Read(row.Data, AdminJson.Default.AdminAction))];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Admin: {Action} {Subject} from {Address}.")]
    private partial void LogDeed(string action, string? subject, string? address);
}
