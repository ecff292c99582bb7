using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Core.Money;
using Lava.Service.Api.Errors;
using Lava.Service.Billing.Books;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues;
using Lava.Service.Storage;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Billing.Wallets;

/// <summary>Funds wallets by card: each payment is credited exactly once, whatever dies between the card and the wallet. What was begun is a message in the
/// queue until it is credited or has failed.</summary>
public sealed partial class WalletFunding(
    BookStore books,
    IPaymentProcessor processor,
    IMessageQueue queue,
    IInvoicing invoices,
    TimeProvider time,
    ILogger<WalletFunding> logger) : IMessageHandler, IPaymentListener
{
    /// <summary>The queue's name.</summary>
    public const string QueueName = "wallet-funding";

    /// <summary>What the keys of payments begin with by which wallets fill themselves.</summary>
    internal const string ReloadPrefix = KeyPrefix + "reload:";

    private const string KeyPrefix = "wallet:";

    /// <summary>When a payment that was begun is looked at, if nobody has brought it to its end.</summary>
    private static readonly TimeSpan[] CheckDelays = [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1)];

    /// <inheritdoc/>
    public string Queue => QueueName;

    /// <inheritdoc/>
    public int MaxMessages => 10;

    /// <summary>Charges a card and credits the wallet; a payment that needs authentication is credited when it has it.</summary>
    /// <param name="tenant">Whose wallet.</param>
    /// <param name="paymentMethodId">The card.</param>
    /// <param name="amount">US dollars, whole cents.</param>
    /// <param name="key">The caller's idempotency key, or null. It and the same card and amount are the same payment for good.</param>
    /// <param name="cancellationToken">Ends it before the payment is begun.</param>
    public async ValueTask<(Payment? Payment, ApiError? Error)> FundAsync(
        Tenant tenant,
        string paymentMethodId,
        decimal amount,
        string? key,
        CancellationToken cancellationToken)
    {
        var owner = PaymentOwners.Merchant(tenant);
        if ((await processor.ListMethodsAsync(owner, cancellationToken)).All(method => method.Id != paymentMethodId))
            return (null, ApiError.NotFound("payment method"));
        var unique = key is null ? Ulid.Create(time.GetUtcNow()) : $"{key}|{paymentMethodId}|{Amount.Trimmed(amount)}";
        var intent = new WalletFundingIntent(KeyPrefix + unique, paymentMethodId, amount, time.GetUtcNow());
        Payment payment;
        try
        {
            await SendAsync(tenant, intent, 0, CancellationToken.None);
            payment = await processor.ChargeAsync(Request(tenant, intent), CancellationToken.None);
            await CreditAsync(tenant, payment, CancellationToken.None);
        }
        catch (Exception fault) when (fault is PaymentProcessorException or TableStoreException)
        {
            // What was begun goes on in the queue; to call it undone would invite a second payment.
            LogUncertain(fault);
            return (null, ApiError.PaymentUncertain());
        }

        return payment.Status == PaymentStatus.Failed ? (null, ApiError.PaymentDeclined(payment)) : (payment, null);
    }

    /// <summary>Credits a payment that has succeeded, and has its invoice made; nothing happens for one that is credited already or has not.</summary>
    public async ValueTask CreditAsync(Tenant tenant, Payment payment, CancellationToken cancellationToken)
    {
        if (payment.Status != PaymentStatus.Succeeded) return;
        await books.ChangeAsync(BookKey.Wallet(tenant), async (view, token) =>
        {
            var edit = new BookEdit(view.Head ?? new BookHead(), time.GetUtcNow());
            var number = edit.Post(EntryReason.Funding, payment.Id, new Posting(Account.Wallet, payment.Amount), new Posting(Account.Funding, -payment.Amount));

            // Here and not when the wallet is looked at next: by then some of it may be used.
            var state = await view.ReadGuardedRowAsync(WalletState.Row, token) is { } stored
                ? Json.Read(stored, WalletsJson.Default.WalletState)
                : new WalletState();
            return new BookChange(
                edit.Head,
                [
                    TableWrite.Insert(BookRows.Paid(payment.Id), "{}"u8.ToArray()),
                    TableWrite.Insert(BookRows.Entry(number), Json.Write(edit.Entries[0], LedgerJson.Default.Entry)),
                    TableWrite.Put(WalletState.Row, Json.Write(state.After(edit.Head), WalletsJson.Default.WalletState)),
                ]);
        }, cancellationToken);

        // Whoever credits asks for it too, so one that dies between is repeated as a whole.
        await invoices.IssueAsync(tenant, null, new Sale(payment.Id, SaleKind.Wallet, payment.Amount, time.GetUtcNow()), cancellationToken);
    }

    /// <summary>Takes off the wallet what was given back of a payment (by the operator, in the processor's dashboard), each cent once. The wallet may fall
    /// below zero: then its calls are refused until it is funded.</summary>
    public async ValueTask TakeBackAsync(Tenant tenant, Payment payment, CancellationToken cancellationToken)
    {
        if (payment.Refunded <= 0) return;
        await books.ChangeAsync(BookKey.Wallet(tenant), async (view, token) =>
        {
            var row = BookRows.GivenBack(payment.Id);
            var booked = await view.ReadGuardedRowAsync(row, token) is { } known ? Json.Read(known, WalletsJson.Default.Decimal) : 0;
            var due = payment.Refunded - booked;
            if (due <= 0) return null;
            var edit = new BookEdit(view.Head ?? new BookHead(), time.GetUtcNow());
            var number = edit.Post(EntryReason.Refund, payment.Id, new Posting(Account.Wallet, -due), new Posting(Account.Funding, due));
            return new BookChange(
                edit.Head,
                [
                    TableWrite.Put(row, Json.Write(payment.Refunded, WalletsJson.Default.Decimal)),
                    TableWrite.Insert(BookRows.Entry(number), Json.Write(edit.Entries[0], LedgerJson.Default.Entry)),
                ]);
        }, cancellationToken);
        await invoices.CreditAsync(tenant, null, payment.Id, payment.Refunded, time.GetUtcNow(), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask PaymentEndedAsync(Payment payment, string key, string owner, CancellationToken cancellationToken)
    {
        if (!key.StartsWith(KeyPrefix, StringComparison.Ordinal) || PaymentOwners.Read(owner) is not (var tenant, null)) return;
        await CreditAsync(tenant, payment, cancellationToken);
        await TakeBackAsync(tenant, payment, cancellationToken);
        await DisputeAsync(tenant, payment, cancellationToken);
    }

    /// <summary>Takes off the wallet what a bank has withdrawn because a payment is disputed, and puts it back when the dispute is won; the wallet may fall
    /// below zero.</summary>
    public async ValueTask DisputeAsync(Tenant tenant, Payment payment, CancellationToken cancellationToken)
    {
        if (payment.Dispute is not { } dispute) return;
        await books.ChangeAsync(BookKey.Wallet(tenant), async (view, token) =>
        {
            var row = BookRows.CardDisputed(payment.Id);
            var booked = await view.ReadGuardedRowAsync(row, token) is { } known ? Json.Read(known, WalletsJson.Default.Decimal) : 0;
            var due = dispute.Withdrawn - booked;
            if (due == 0) return null;
            var edit = new BookEdit(view.Head ?? new BookHead(), time.GetUtcNow());
            var number = edit.Post(
                due > 0 ? EntryReason.CardDispute : EntryReason.CardDisputeReversal,
                payment.Id,
                new Posting(Account.Wallet, -due),
                new Posting(Account.Funding, due));
            return new BookChange(
                edit.Head,
                [
                    TableWrite.Put(row, Json.Write(dispute.Withdrawn, WalletsJson.Default.Decimal)),
                    TableWrite.Insert(BookRows.Entry(number), Json.Write(edit.Entries[0], LedgerJson.Default.Entry)),
                ]);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask HandleAsync(string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var message in messages)
        {
            WalletFundingMessage begun;
            try
            {
                begun = Json.Read(message.Body, WalletsJson.Default.WalletFundingMessage);
            }
            catch (JsonException fault)
            {
                throw new PoisonMessageException("It is no wallet funding.", fault) { Poison = message };
            }

            var tenant = new Tenant(begun.MerchantId, begun.IsLive ? Mode.Live : Mode.Test);
            var payment = await processor.ChargeAsync(Request(tenant, begun.Intent), cancellationToken);
            if (payment.Status == PaymentStatus.RequiresAction)
            {
                if (begun.Look + 1 < CheckDelays.Length)
                {
                    await SendAsync(tenant, begun.Intent, begun.Look + 1, cancellationToken);
                    continue;
                }

                // Nobody comes any more. If somebody does at this very moment, the payment stays what it became.
                payment = await processor.CancelAsync(payment.Id, cancellationToken);
            }

            await CreditAsync(tenant, payment, cancellationToken);
        }
    }

    private ValueTask SendAsync(Tenant tenant, WalletFundingIntent intent, int look, CancellationToken cancellationToken)
    {
        var body = Json.Write(new WalletFundingMessage(tenant.MerchantId, tenant.Mode == Mode.Live, intent, look), WalletsJson.Default.WalletFundingMessage);
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant.Partition + intent.Key)));
        return queue.SendAsync(QueueName, [new OutgoingMessage($"{id}|{look}", id, body, CheckDelays[look])], cancellationToken);
    }

    private static ChargeRequest Request(Tenant tenant, WalletFundingIntent intent) => new()
    {
        Key = intent.Key, Owner = PaymentOwners.Merchant(tenant), PaymentMethodId = intent.PaymentMethodId, Amount = intent.Amount, Description = "Wallet",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "The outcome of a wallet payment is unknown. The queue continues with it.")]
    private partial void LogUncertain(Exception fault);
}
