using System.Globalization;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Core.Money;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Billing.Books;
using Lava.Service.Ledger.Books;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Webhooks;

namespace Lava.Service.Billing.Wallets;

/// <summary>Fills wallets that are to be filled by themselves, and tells how much of a wallet is used. Run after costs were booked; running it twice, or on two
/// instances at once, charges once: the payment is written into the wallet's book before the card is charged, under a key made once.</summary>
public sealed class WalletKeeper(
    BookStore books,
    AutoReloadStore rules,
    WalletFunding funding,
    IPaymentProcessor processor,
    MerchantStore merchants,
    WebhookEvents events,
    IMessageQueue queue,
    TimeProvider time)
{
    /// <summary>Parts of what was paid in whose use is told, percent.</summary>
    internal static readonly int[] AlertLevels = [50, 80, 100];

    /// <summary>Hours until a declined reload is tried again, by the number of declines; after the last it waits until the rule is set again.</summary>
    private static readonly int[] RetryHours = [1, 6, 24, 72];

    /// <summary>Looks at a wallet.</summary>
    public async ValueTask RunAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        await TellUseAsync(tenant, cancellationToken);

        // Each round either charges, which the cap of the day bounds, or ends.
        while (await ReloadAsync(tenant, cancellationToken))
        {
        }
    }

    /// <summary>Forgets earlier declines, because the rule was set, and looks at the wallet.</summary>
    public async ValueTask ResetAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        await ChangeAsync(tenant, (_, state) => state with { Declines = 0, NotBefore = null }, cancellationToken);
        await RunAsync(tenant, cancellationToken);
    }

    private async ValueTask TellUseAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        if (!await events.HasAnyAsync(tenant, EventNames.WalletAlert, cancellationToken)) return;
        var (balance, state) = await ReadAsync(tenant, cancellationToken);
        if (state.Base <= 0) return;
        var used = (state.Base - balance) / state.Base * 100;
        var level = AlertLevels.LastOrDefault(part => part <= used);
        if (level <= state.Told) return;

        // Told before it is noted: a process that dies in between tells the same event again, which is dropped.
        var details = Details(("percent", level.ToString(CultureInfo.InvariantCulture)), ("of", Amount.Trimmed(state.Base)));
        await PublishAsync(tenant, EventNames.WalletAlert, $"{Amount.Trimmed(state.Funded)}:{level}", balance, details, cancellationToken);
        await ChangeAsync(tenant, (_, now) => now.Funded == state.Funded && now.Told < level ? now with { Told = level } : null, cancellationToken);
    }

    // True where the wallet was filled and may have to be filled again.
    private async ValueTask<bool> ReloadAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        if (await rules.FindAsync(tenant, cancellationToken) is not { } rule)
        {
            if ((await ReadAsync(tenant, cancellationToken)).State.Paying is null) return false;
        }
        else
        {
            var isCapped = false;
            await ChangeAsync(tenant, (balance, state) =>
            {
                var now = time.GetUtcNow();
                isCapped = false;
                if (state.Paying is not null || balance >= rule.Threshold || state.NotBefore > now) return null;
                var spent = state.Day == DateOnly.FromDateTime(now.UtcDateTime) ? state.OfDay : 0;
                isCapped = spent + rule.Amount > rule.DailyCap;
                return isCapped
                    ? null
                    : state with
                    {
                        Paying = new WalletFundingIntent(WalletFunding.ReloadPrefix + Ulid.Create(now), rule.PaymentMethodId ?? "", rule.Amount, now),
                    };
            }, cancellationToken);
            if (isCapped)
            {
                var left = await BalanceAsync(tenant, cancellationToken);
                await PublishAsync(
                    tenant,
                    EventNames.ReloadCapped,
                    $"{time.GetUtcNow():yyyyMMdd}",
                    left,
                    Details(("daily_cap", Amount.Trimmed(rule.DailyCap))),
                    cancellationToken);
                return false;
            }
        }

        var (before, current) = await ReadAsync(tenant, cancellationToken);
        if (current.Paying is not { } intent) return false;
        var payment = await processor.ChargeAsync(new ChargeRequest
        {
            Key = intent.Key,
            Owner = PaymentOwners.Merchant(tenant),
            PaymentMethodId = intent.PaymentMethodId.Length == 0 ? null : intent.PaymentMethodId,
            Amount = intent.Amount,
            Description = "Wallet",
            IsOffSession = true,
        }, CancellationToken.None);
        if (payment.Status == PaymentStatus.RequiresAction) payment = await processor.CancelAsync(payment.Id, CancellationToken.None);
        await funding.CreditAsync(tenant, payment, CancellationToken.None);
        var isPaid = payment.Status == PaymentStatus.Succeeded;
        var detail = Details(("payment_id", payment.Id), ("amount", Amount.Trimmed(intent.Amount)), ("decline_code", payment.DeclineCode ?? ""));
        await PublishAsync(
            tenant,
            isPaid ? EventNames.Reloaded : EventNames.ReloadFailed,
            intent.Key,
            isPaid ? before + intent.Amount : before,
            detail,
            CancellationToken.None);
        DateTimeOffset? again = null;
        await ChangeAsync(
            tenant,
            (_, state) => state.Paying?.Key != intent.Key ? null : isPaid ? Paid(state, intent) : Declined(state, out again),
            CancellationToken.None);
        if (again is { } at && at < DateTimeOffset.MaxValue) await AskAsync(tenant, $"{intent.Key}|again", at - time.GetUtcNow());
        return isPaid;
    }

    private static WalletState Paid(WalletState state, WalletFundingIntent intent)
    {
        var day = DateOnly.FromDateTime(intent.At.UtcDateTime);
        return state with { Paying = null, Declines = 0, NotBefore = null, Day = day, OfDay = (state.Day == day ? state.OfDay : 0) + intent.Amount };
    }

    private WalletState Declined(WalletState state, out DateTimeOffset? again)
    {
        again = state.Declines < RetryHours.Length ? time.GetUtcNow().AddHours(RetryHours[state.Declines]) : DateTimeOffset.MaxValue;
        return state with { Paying = null, Declines = state.Declines + 1, NotBefore = again };
    }

    private ValueTask AskAsync(Tenant tenant, string id, TimeSpan delay)
    {
        var message = new BillingMessage(tenant.MerchantId, tenant.Mode == Mode.Live, "", null);
        return queue.SendAsync(
            BillingQueue.Name,
            [new OutgoingMessage(id, tenant.Partition, Json.Write(message, BillingJson.Default.BillingMessage), delay)],
            CancellationToken.None);
    }

    private async ValueTask<decimal> BalanceAsync(Tenant tenant, CancellationToken cancellationToken) => (await ReadAsync(tenant, cancellationToken)).Balance;

    private async ValueTask<(decimal Balance, WalletState State)> ReadAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        (decimal, WalletState) read = (0, new WalletState());
        await ChangeAsync(tenant, (balance, state) =>
        {
            read = (balance, state);
            return null;
        }, cancellationToken);
        return read;
    }

    // A payment into the wallet begins the count of its use anew, whoever made it.
    private async ValueTask ChangeAsync(Tenant tenant, Func<decimal, WalletState, WalletState?> change, CancellationToken cancellationToken)
    {
        var book = BookKey.Wallet(tenant);
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var isFresh = true;
            var result = await books.ChangeAsync(book, async (view, token) =>
            {
                isFresh = view.IsFresh;
                var head = view.Head ?? new BookHead();
                var stored = await view.ReadGuardedRowAsync(WalletState.Row, token) is { } row
                    ? Json.Read(row, WalletsJson.Default.WalletState)
                    : new WalletState();
                var state = stored.After(head);
                var after = change(head.Balance(Account.Wallet), state) ?? state;
                return after == stored ? null : new BookChange(head, [TableWrite.Put(WalletState.Row, Json.Write(after, WalletsJson.Default.WalletState))]);
            }, cancellationToken);
            if (result.Outcome == ChangeOutcome.Committed || isFresh) return;
            books.Forget(book);
        }
    }

    private async ValueTask PublishAsync(
        Tenant tenant,
        string name,
        string subject,
        decimal balance,
        IReadOnlyDictionary<string, string> details,
        CancellationToken cancellationToken)
    {
        if (!await events.HasAnyAsync(tenant, name, cancellationToken)) return;
        var merchant = await merchants.GetAsync(tenant.MerchantId, cancellationToken);
        var data = new WalletEventData(merchant.WalletId(tenant.Mode), Amount.Trimmed(balance), details);
        await events.PublishAsync(tenant, name, $"{name}:{subject}", Json.Write(data, WalletsJson.Default.WalletEventData), cancellationToken);
    }

    private static Dictionary<string, string> Details(params (string Name, string Value)[] details) =>
        details.Where(detail => detail.Value.Length > 0).ToDictionary(detail => detail.Name, detail => detail.Value);
}
