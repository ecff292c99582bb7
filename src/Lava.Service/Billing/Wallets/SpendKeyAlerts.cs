using System.Globalization;
using Lava.Core.Keys;
using Lava.Core.Money;
using Lava.Core.SpendKeys;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Storage;
using Lava.Service.Webhooks;

namespace Lava.Service.Billing.Wallets;

/// <summary>Tells when a half, four fifths or all of a spend key's limit of money or calls is used.</summary>
public sealed class SpendKeyAlerts(SpendKeyStore keys, WebhookEvents events, TimeProvider time)
{
    /// <summary>Tells what is to be told of a key now; safe to repeat, since an event's id names key, limit, cycle and level.</summary>
    public async ValueTask TellAsync(Tenant tenant, string spendKeyId, CancellationToken cancellationToken)
    {
        if (!await events.HasAnyAsync(tenant, EventNames.SpendKeyAlert, cancellationToken)
            || await keys.FindAsync(tenant, spendKeyId, cancellationToken) is not { } found)
            return;
        var key = found.Key;
        if (key.SpendLimit is null && key.RequestLimit is null) return;
        var usage = await keys.UsageAsync(tenant, spendKeyId, cancellationToken);
        var now = time.GetUtcNow();
        if (key.SpendLimit is { } money)
            await TellAsync(tenant, key, "spend", money.Cycle, usage.SpendIn(money.Cycle, now), money.Amount, now, cancellationToken);
        if (key.RequestLimit is { } calls)
            await TellAsync(tenant, key, "requests", calls.Cycle, usage.RequestsIn(calls.Cycle, now), calls.Count, now, cancellationToken);
    }

    private async ValueTask TellAsync(
        Tenant tenant,
        SpendKey key,
        string limit,
        LimitCycle cycle,
        decimal used,
        decimal most,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var level = most <= 0 ? 0 : WalletKeeper.AlertLevels.LastOrDefault(part => part <= used / most * 100);
        if (level == 0) return;
        var start = LimitPeriod.StartOf(cycle, now).UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var data = new SpendKeyEventData(key.Id, key.Name, limit, level, Amount.Trimmed(used), Amount.Trimmed(most));
        await events.PublishAsync(
            tenant,
            EventNames.SpendKeyAlert,
            $"{EventNames.SpendKeyAlert}:{key.Id}:{limit}:{start}:{Amount.Trimmed(most)}:{level}",
            Json.Write(data, SpendKeyAlertsJson.Default.SpendKeyEventData),
            cancellationToken);
    }
}
