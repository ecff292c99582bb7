using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Credentials;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Storage.Expiry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lava.Service.Api.AuditLogs;

/// <summary>Who changed what, when and from where. A tenant's entries are one partition, newest first, apart from all that calls to models read or
/// write.</summary>
internal sealed partial class AuditLog(ITableStore tables, ExpiryIndex expiry, IOptions<AuditLogOptions> options, TimeProvider time, ILogger<AuditLog> logger)
    : IExpiring
{
    private const string Prefix = "aud";
    private const int Step = 200;

    /// <summary>Most entries that a page reads.</summary>
    private const int MostRead = 2_000;

    /// <summary>Most members that an entry names, and most characters of a name: more are no member of ours.</summary>
    private const int MostNames = 50;

    /// <inheritdoc/>
    public string Kind => "audit-log";

    /// <inheritdoc/>
    public bool IsOver(TableRow row, DateTimeOffset now) => Json.Read(row.Data, AuditLogJson.Default.AuditEntry).Until <= now;

    /// <summary>Keeps a change that a request has made.</summary>
    public ValueTask AddAsync(ManagementRequest request, string action, string? objectId, IReadOnlyList<string> changed) =>
        AddAsync(request.Http, request.Tenant, request.Caller, action, objectId, changed);

    /// <summary>Keeps a change. The change has been made, so this never fails: what cannot be stored is written to the server's log.</summary>
    /// <param name="http">The request that made it.</param>
    /// <param name="tenant">Whose data was changed.</param>
    /// <param name="caller">Who changed it.</param>
    /// <param name="action">What was done.</param>
    /// <param name="objectId">To what.</param>
    /// <param name="changed">Names of what was changed.</param>
    public async ValueTask AddAsync(HttpContext http, Tenant tenant, Caller caller, string action, string? objectId, IReadOnlyList<string> changed)
    {
        var now = time.GetUtcNow();
        var entry = new AuditEntry(
            Id.Create(Prefix, tenant.Mode, now),
            action,
            objectId,
            [.. changed.Where(name => name.Length <= MostNames).Take(MostNames)],
            caller.Word,
            caller.Id,
            caller.IsConsole,
            http.Connection.RemoteIpAddress?.ToString(),
            RequestIds.Of(http),
            now,
            options.Value.AuditLogDays > 0 ? now.AddDays(options.Value.AuditLogDays) : null);
        var row = Row(entry.Id);
        try
        {
            // Not with the request's token: a client that is gone has changed something all the same.
            var listed = entry.Until is { } until
                ? expiry.AddAsync(new ExpiringRow(Kind, TableNames.AuditLog, tenant.Partition, row), until, CancellationToken.None).AsTask()
                : Task.CompletedTask;
            var written = tables.CommitAsync(
                TableNames.AuditLog,
                tenant.Partition,
                [TableWrite.Insert(row, Json.Write(entry, AuditLogJson.Default.AuditEntry))],
                CancellationToken.None).AsTask();
            await Task.WhenAll(listed, written);
        }
        catch (TableStoreException fault)
        {
            LogUnkept(tenant.Partition, action, objectId, caller.Word, caller.Id, entry.Address, entry.RequestId, fault);
        }
    }

    /// <summary>Entries that match, newest first. Null where the cursor is none of this list. A page reads at most <see cref="MostRead"/> entries: where few
    /// of them match it is short, or empty, and its cursor goes on from there.</summary>
    public async ValueTask<ListResponse<AuditEntryResponse>?> ListAsync(
        Tenant tenant, AuditConditions conditions, ListQuery page, CancellationToken cancellationToken)
    {
        var range = conditions.Range;
        if (page.Cursor is not null)
        {
            if (!Id.TryGetUlid(page.Cursor, Prefix, tenant.Mode, out _)) return null;
            var after = Row(page.Cursor);
            if (string.CompareOrdinal(after, range.From) >= 0) range = range.After(after);
        }

        var found = new List<AuditEntryResponse>();
        for (var read = 0; ;)
        {
            var rows = await tables.QueryAsync(TableNames.AuditLog, tenant.Partition, range, Step, cancellationToken);
            foreach (var row in rows)
            {
                var entry = Json.Read(row.Data, AuditLogJson.Default.AuditEntry);
                if (!conditions.Hold(entry)) continue;
                found.Add(AuditEntryResponse.Of(entry));
                if (found.Count > page.Limit) return Paging.Of(found, page.Limit, shown => shown.AuditEntryId);
            }

            read += rows.Count;
            if (rows.Count < Step) return Paging.Of(found, page.Limit, shown => shown.AuditEntryId);
            range = range.After(rows[^1].Key);

            // The last one that was read, whether it matches or not.
            if (read >= MostRead)
                return new ListResponse<AuditEntryResponse>(found, true, $"{Prefix}_{tenant.Mode.Word()}_{Ulid.Mirror(rows[^1].Key)}");
        }
    }

    private static string Row(string id) => RowPaging.Key("", id);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The audit log does not have this change: {Tenant} {Action} {ObjectId} by {ActorType} {ActorId} from {Address} (request {RequestId}).")]
    private partial void LogUnkept(
        string tenant, string action, string? objectId, string actorType, string? actorId, string? address, string requestId, Exception fault);
}
