using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Stripe;

namespace Lava.Functions.Payments;

/// <summary>Payments as Stripe's PaymentIntents. Each is written down before Stripe hears of it, then made there unconfirmed, which takes no money; its id is
/// written down, the first to do so wins; and only the PaymentIntent that stands there is confirmed. A PaymentIntent takes money at most once, so whatever
/// answer is lost and however long ago, a payment takes money at most once; Stripe's idempotency keys, which it keeps for 24 hours, only save
/// requests.</summary>
internal sealed class StripeCharges(ITableStore tables, StripeAccess stripe, StripeCards cards, TimeProvider time)
{
    /// <summary>What Stripe keeps with a PaymentIntent so that its payment is known.</summary>
    public const string PaymentField = "lava_payment";

    private const string IdPrefix = "pay";
    private const string OwnerRow = "owner";
    private const int MaxTurns = 10;

    public async ValueTask<Payment> ChargeAsync(ChargeRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.Amount);
        var keyRow = StripeIds.KeyRow("key|", request.Key);
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await tables.GetAsync(TableNames.Payments, request.Owner, keyRow, cancellationToken) is { } known)
                return await AdvanceAsync(Json.Read(known.Data, StripeRows.Default.String), cancellationToken);
            var begun = await BeginAsync(request, cancellationToken);
            var id = begun.Payment.Id;

            // Where to find it comes first; a payment that is never made is never asked for.
            await tables.CommitAsync(
                TableNames.Payments,
                id,
                [TableWrite.Put(OwnerRow, Json.Write(request.Owner, StripeRows.Default.String))],
                cancellationToken);
            await tables.CommitAsync(
                TableNames.Payments,
                request.Owner,
                [TableWrite.Insert(keyRow, Json.Write(id, StripeRows.Default.String)), TableWrite.Insert(PaymentRow(id), Write(begun))],
                cancellationToken);
        }
    }

    public async ValueTask<Payment?> FindAsync(string paymentId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(paymentId, cancellationToken) is not { } row) return null;
        if (row.Stored is { IsEnded: true, Payment.Status: PaymentStatus.Failed }) return row.Stored.Payment;
        if (row.Stored.IntentId is null) throw Unknown();
        var intent = await GetAsync(row.Stored.IntentId, cancellationToken);
        return intent.Status == IntentStatus.RequiresConfirmation ? throw Unknown() : await ObserveAsync(row, intent, cancellationToken);
    }

    public async ValueTask<Payment> CancelAsync(string paymentId, CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < MaxTurns; turn++)
        {
            var row = await ReadAsync(paymentId, cancellationToken) ?? throw new ArgumentException("There is no such payment.", nameof(paymentId));
            if (row.Stored is { IsEnded: true, Payment.Status: PaymentStatus.Failed }) return row.Stored.Payment;
            if (row.Stored.IntentId is not { } intent)
            {
                var given = Failed(row.Stored.Payment, Decline.GivenUp);
                if (await EndAsync(row, given, cancellationToken)) return given;
                continue;
            }

            await CancelIntentAsync(intent, cancellationToken);
            var now = await GetAsync(intent, cancellationToken);
            if (now.Status is IntentStatus.RequiresConfirmation or IntentStatus.RequiresAction) throw Unknown();
            return await ObserveAsync(row, now, cancellationToken);
        }

        throw Unknown();
    }

    /// <summary>A payment as it is kept; null where there is none.</summary>
    public async ValueTask<(StoredCharge Stored, string ETag)?> ReadAsync(string paymentId, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(paymentId, IdPrefix, Mode.Live, out _)
            || await tables.GetAsync(TableNames.Payments, paymentId, OwnerRow, cancellationToken) is not { } owner)
            return null;
        var row = await tables.GetAsync(TableNames.Payments, Json.Read(owner.Data, StripeRows.Default.String), PaymentRow(paymentId), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, StripeRows.Default.StoredCharge), row.ETag);
    }

    /// <summary>The payment that a PaymentIntent is for; null where it is none of ours.</summary>
    public async ValueTask<string?> PaymentOfAsync(string intentId, CancellationToken cancellationToken)
    {
        if (!StripeIds.IsId(intentId, "pi_")) return null;
        var answer = await stripe.CallAsync(client => client.V1.PaymentIntents.GetAsync(intentId, cancellationToken: cancellationToken), cancellationToken);
        return answer.IsMissing ? null : answer.Required().Metadata?.GetValueOrDefault(PaymentField);
    }

    private static PaymentProcessorException Unknown() => new("The payment is under way at Stripe.");

    private static Payment Failed(Payment payment, Decline decline) =>
        payment with { Status = PaymentStatus.Failed, ActionUrl = null, DeclineCode = decline.Code, Message = decline.Message };

    private async ValueTask<StoredCharge> BeginAsync(ChargeRequest request, CancellationToken cancellationToken)
    {
        var card = await cards.ToChargeAsync(request.Owner, request.PaymentMethodId, cancellationToken);
        var now = time.GetUtcNow();
        var payment = new Payment
        {
            Id = Id.Create(IdPrefix, Mode.Live, now),
            Status = PaymentStatus.RequiresAction,
            Amount = Math.Ceiling(request.Amount * 100) / 100,
            PaymentMethodId = card?.CardId,
            CreatedAt = now,
        };
        return new StoredCharge
        {
            Payment = card is null ? Failed(payment, Decline.NoCard) : payment,
            IsEnded = card is null,
            Owner = request.Owner,
            Key = request.Key,
            Description = request.Description,
            IsOffSession = request.IsOffSession,
            ReturnUrl = request.ReturnUrl,
            AuthenticatesInPage = request is { AuthenticatesInPage: true, IsOffSession: false } && stripe.Options.PublishableKey is not null,
            CustomerId = card?.CustomerId,
        };
    }

    /// <summary>Brings a payment as far as it goes without its cardholder.</summary>
    private async ValueTask<Payment> AdvanceAsync(string paymentId, CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < MaxTurns; turn++)
        {
            if (await ReadAsync(paymentId, cancellationToken) is not { } row) throw Unknown();
            if (row.Stored is { IsEnded: true, Payment.Status: PaymentStatus.Failed }) return row.Stored.Payment;
            if (row.Stored.IntentId is not { } id)
            {
                await MakeAsync(row, cancellationToken);
                continue;
            }

            var intent = await GetAsync(id, cancellationToken);
            if (intent.Status == IntentStatus.RequiresConfirmation)
            {
                await ConfirmAsync(row, cancellationToken);
                intent = await GetAsync(id, cancellationToken);
                if (intent.Status == IntentStatus.RequiresConfirmation) continue;
            }

            return await ObserveAsync(row, intent, cancellationToken);
        }

        throw Unknown();
    }

    /// <summary>Makes the PaymentIntent and writes its id down, unless somebody else was first.</summary>
    private async ValueTask MakeAsync((StoredCharge Stored, string ETag) row, CancellationToken cancellationToken)
    {
        var stored = row.Stored;
        var options = new PaymentIntentCreateOptions
        {
            Amount = decimal.ToInt64(stored.Payment.Amount * 100),
            Currency = "usd",
            Customer = stored.CustomerId,
            PaymentMethod = stored.Payment.PaymentMethodId,
            AllowedPaymentMethodTypes = ["card"],
            Description = stored.Description,
            Metadata = new Dictionary<string, string> { [PaymentField] = stored.Payment.Id, [StripeCustomers.OwnerField] = stored.Owner },
        };
        var answer = await stripe.CallAsync(
            client => client.V1.PaymentIntents.CreateAsync(
                options,
                new RequestOptions { IdempotencyKey = $"{stored.Payment.Id}-make-{stored.Attempt}" },
                cancellationToken),
            cancellationToken,
            () => CountAsync(row, cancellationToken));
        if (answer.Error is { Type: "card_error" } or { Code: "amount_too_small" or "amount_too_large" })
        {
            await EndAsync(row, Failed(stored.Payment, StripeDeclines.Of(answer.Error)), cancellationToken);
        }
        else if (answer.IsMissing) await EndAsync(row, Failed(stored.Payment, Decline.NoCard), cancellationToken);
        else await SaveAsync(row, stored with { IntentId = answer.Required().Id }, [], cancellationToken);
    }

    /// <summary>Has the card charged. A decline or a state that forbids it shows in the PaymentIntent afterwards.</summary>
    private async ValueTask ConfirmAsync((StoredCharge Stored, string ETag) row, CancellationToken cancellationToken)
    {
        var stored = row.Stored;
        var options = new PaymentIntentConfirmOptions
        {
            OffSession = stored.IsOffSession ? true : null,
            UseStripeSdk = stored.AuthenticatesInPage ? true : null,
            ReturnUrl = stored.IsOffSession ? null : (stored.ReturnUrl ?? new Uri(stripe.Options.PublicUrl, PaymentReturnPage.Path)).AbsoluteUri,
        };
        var answer = await stripe.CallAsync(
            client => client.V1.PaymentIntents.ConfirmAsync(
                stored.IntentId,
                options,
                new RequestOptions { IdempotencyKey = $"{stored.Payment.Id}-confirm-{stored.Attempt}" },
                cancellationToken),
            cancellationToken,
            () => CountAsync(row, cancellationToken));
        if (answer.Error is { Type: not "card_error", Code: not "payment_intent_unexpected_state" }) answer.Required();
    }

    /// <summary>What a PaymentIntent's state means; an end is written down.</summary>
    private async ValueTask<Payment> ObserveAsync((StoredCharge Stored, string ETag) row, PaymentIntent intent, CancellationToken cancellationToken)
    {
        var payment = row.Stored.Payment;
        switch (intent.Status)
        {
            case IntentStatus.Succeeded:
                var paid = payment with
                {
                    Status = PaymentStatus.Succeeded,
                    ActionUrl = null,
                    DeclineCode = null,
                    Message = null,
                    Refunded = (intent.LatestCharge?.AmountRefunded ?? 0) / 100m,
                };
                if (intent.LatestCharge?.Disputed == true) paid = paid with { Dispute = await FindDisputeAsync(intent.Id, cancellationToken) };
                if (!row.Stored.IsEnded) await EndAsync(row, paid, cancellationToken);
                return paid;
            case IntentStatus.RequiresAction when intent.NextAction?.RedirectToUrl?.Url is { } url:
                return payment with { Status = PaymentStatus.RequiresAction, ActionUrl = new Uri(url) };
            case IntentStatus.RequiresAction when row.Stored.AuthenticatesInPage:
                // Without the key, which may have been taken away since, the payment waits until it is given up.
                return payment with
                {
                    Status = PaymentStatus.RequiresAction,
                    ActionForm = stripe.Options.PublishableKey is { } key ? new CardForm(key, intent.ClientSecret) : null,
                };
            case IntentStatus.RequiresPaymentMethod:
                // It failed, but who has its secret, which Stripe shows the cardholder's browser, could try another card: it ends here.
                await CancelIntentAsync(intent.Id, cancellationToken);
                var now = await GetAsync(intent.Id, cancellationToken);
                if (now.Status == IntentStatus.RequiresPaymentMethod) throw Unknown();
                if (now.Status == IntentStatus.Canceled) now.LastPaymentError ??= intent.LastPaymentError;
                return await ObserveAsync(row, now, cancellationToken);
            case IntentStatus.Canceled:
                var failed = Failed(payment, intent.LastPaymentError is { } error ? StripeDeclines.Of(error) : Decline.GivenUp);
                if (await EndAsync(row, failed, cancellationToken)) return failed;
                return (await ReadAsync(payment.Id, cancellationToken))!.Value.Stored.Payment;
            default:
                throw Unknown();
        }
    }

    /// <summary>The dispute about a payment; null where there is only an inquiry, by which no money moves (Stripe, "How disputes work").</summary>
    private async ValueTask<PaymentDispute?> FindDisputeAsync(string intentId, CancellationToken cancellationToken)
    {
        var options = new DisputeListOptions { PaymentIntent = intentId, Limit = 10 };
        var found = (await stripe.CallAsync(
            client => client.V1.Disputes.ListAsync(options, cancellationToken: cancellationToken),
            cancellationToken)).Required();
        foreach (var dispute in found.Data)
        {
            DisputeStatus? status = dispute.Status switch
            {
                "won" => DisputeStatus.Won,
                "lost" => DisputeStatus.Lost,
                "needs_response" or "under_review" => DisputeStatus.Open,
                _ => null,
            };
            if (status is { } known) return new PaymentDispute(known, dispute.Amount / 100m, dispute.Reason ?? "general");
        }

        return null;
    }

    private async ValueTask<PaymentIntent> GetAsync(string id, CancellationToken cancellationToken) =>
        (await stripe.CallAsync(
            client => client.V1.PaymentIntents.GetAsync(id, new PaymentIntentGetOptions { Expand = ["latest_charge"] }, cancellationToken: cancellationToken),
            cancellationToken)).Required();

    // One that has ended refuses, and shows so.
    private async ValueTask CancelIntentAsync(string id, CancellationToken cancellationToken) =>
        await stripe.CallAsync(
            client => client.V1.PaymentIntents.CancelAsync(
                id,
                new PaymentIntentCancelOptions { CancellationReason = "abandoned" },
                cancellationToken: cancellationToken),
            cancellationToken);

    private async ValueTask<bool> EndAsync((StoredCharge Stored, string ETag) row, Payment payment, CancellationToken cancellationToken)
    {
        TableWrite[] mark = payment.PaymentMethodId is { } card && row.Stored.IntentId is not null ? [StripeCards.Mark(card, payment, time.GetUtcNow())] : [];
        return await SaveAsync(row, row.Stored with { Payment = payment with { Refunded = 0, Dispute = null }, IsEnded = true }, mark, cancellationToken);
    }

    private async ValueTask CountAsync((StoredCharge Stored, string ETag) row, CancellationToken cancellationToken) =>
        await SaveAsync(row, row.Stored with { Attempt = row.Stored.Attempt + 1 }, [], cancellationToken);

    private async ValueTask<bool> SaveAsync(
        (StoredCharge Stored, string ETag) row,
        StoredCharge changed,
        TableWrite[] also,
        CancellationToken cancellationToken) =>
        (await tables.CommitAsync(
            TableNames.Payments,
            changed.Owner,
            [TableWrite.Replace(PaymentRow(changed.Payment.Id), Write(changed), row.ETag), .. also],
            cancellationToken)).IsCommitted;

    private static ReadOnlyMemory<byte> Write(StoredCharge charge) => Json.Write(charge, StripeRows.Default.StoredCharge);

    private static string PaymentRow(string id) => "payment|" + id;

    /// <summary>States of a PaymentIntent (Stripe, "How PaymentIntents and SetupIntents work").</summary>
    private static class IntentStatus
    {
        public const string RequiresConfirmation = "requires_confirmation";
        public const string RequiresAction = "requires_action";
        public const string RequiresPaymentMethod = "requires_payment_method";
        public const string Succeeded = "succeeded";
        public const string Canceled = "canceled";
    }
}
