using Lava.Core.Keys;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Microsoft.Extensions.Options;

namespace Lava.Service.Webhooks.Mail;

/// <summary>To whom merchants' alerts are mailed.</summary>
public sealed class AlertMailStore(ITableStore tables, IOptions<MailOptions> options, TimeProvider time)
{
    private const string Row = "alert-mail";

    private readonly TimedCache<Tenant, AlertMail> _kept = new(time, TimeSpan.FromSeconds(5), 10_000);

    /// <summary>Whether this server has a mail server.</summary>
    public bool CanSend => options.Value.IsSet;

    /// <summary>The list; null where there is none.</summary>
    public async ValueTask<AlertMail?> FindAsync(Tenant tenant, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Resources, tenant.Partition, Row, cancellationToken) is { } row
            ? Json.Read(row.Data, AlertsJson.Default.AlertMail)
            : null;

    /// <summary>The list as it was at most a few seconds ago; null where there is none or no mail can be sent.</summary>
    public async ValueTask<AlertMail?> FindCachedAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        if (!CanSend) return null;
        if (_kept.TryGet(tenant, out var kept)) return kept;
        var mark = _kept.Mark;
        var found = await FindAsync(tenant, cancellationToken);
        _kept.Set(tenant, found, mark);
        return found;
    }

    /// <summary>Sets or removes the list.</summary>
    public async ValueTask SetAsync(Tenant tenant, AlertMail? list, CancellationToken cancellationToken)
    {
        var write = list is null ? TableWrite.Delete(Row) : TableWrite.Put(Row, Json.Write(list, AlertsJson.Default.AlertMail));
        await tables.CommitAsync(TableNames.Resources, tenant.Partition, [write], cancellationToken);
        _kept.Remove(tenant);
    }
}
