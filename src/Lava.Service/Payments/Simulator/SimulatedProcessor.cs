using System.Security.Cryptography;
using System.Text;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Payments.Simulator;

/// <summary>A payment processor without money, for test mode: durable, safe on several instances, and every test card does what Stripe's does (behaviour.md
/// §7.2). A payment, the row of its key and the mark on its card are one transaction of the owner's partition.</summary>
public sealed class SimulatedProcessor : IPaymentProcessor
{
    private const string OwnerRow = "owner";

    private readonly ITableStore _tables;
    private readonly TimeProvider _time;
    private readonly SimulatedCards _cards;
    private readonly SimulatedSetups _setups;
    private readonly PageSecrets _secrets;

    /// <summary>Creates it over the service's tables.</summary>
    public SimulatedProcessor(ITableStore tables, PageSecrets secrets, TimeProvider time)
    {
        (_tables, _secrets, _time, _cards) = (tables, secrets, time, new SimulatedCards(tables, time));
        _setups = new SimulatedSetups(tables, _cards, secrets, time);
    }

    /// <inheritdoc/>
    public async ValueTask<Payment> ChargeAsync(ChargeRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.Amount);
        var keyRow = KeyRow("key|", request.Key);
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await FindByKeyAsync(request.Owner, keyRow, cancellationToken) is { } made) return made;
            var card = await _cards.FindAsync(request.Owner, request.PaymentMethodId, cancellationToken);
            var stored = Decide(request, card?.Stored, _time.GetUtcNow());

            // Where to find it comes first; a payment that is never made is never asked for.
            await _tables.CommitAsync(
                TableNames.Payments,
                stored.Payment.Id,
                [TableWrite.Put(OwnerRow, Json.Write(request.Owner, PaymentsJson.Default.String))],
                cancellationToken);
            var writes = new List<TableWrite>
            {
                TableWrite.Insert(keyRow, Json.Write(stored.Payment.Id, PaymentsJson.Default.String)),
                TableWrite.Insert(PaymentRow(stored.Payment.Id), Write(stored)),
            };
            if (card is not null && stored.Payment.Status != PaymentStatus.RequiresAction)
                writes.Add(SimulatedCards.Mark(card.Value, stored.Payment, stored.Payment.CreatedAt));
            if ((await _tables.CommitAsync(TableNames.Payments, request.Owner, writes, cancellationToken)).IsCommitted)
                return await ShowAsync(stored.Payment, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Payment?> FindAsync(string paymentId, CancellationToken cancellationToken) =>
        await ReadAsync(paymentId, cancellationToken) is { } found ? await ShowAsync(found.Stored.Payment, cancellationToken) : null;

    /// <summary>A payment with what it was asked for with; null where there is none.</summary>
    public async ValueTask<StoredPayment?> FindStoredAsync(string paymentId, CancellationToken cancellationToken) =>
        (await ReadAsync(paymentId, cancellationToken))?.Stored;

    /// <summary>The payment of a page with what it was asked for with; null where there is none of that secret.</summary>
    public async ValueTask<StoredPayment?> FindByPageAsync(string paymentId, string secret, CancellationToken cancellationToken) =>
        await ReadAsync(paymentId, cancellationToken) is { } found && await _secrets.IsAsync(paymentId, secret, cancellationToken) ? found.Stored : null;

    /// <inheritdoc/>
    public ValueTask<Payment> CancelAsync(string paymentId, CancellationToken cancellationToken) =>
        EndAsync(paymentId, _ => Decline.GivenUp, cancellationToken);

    /// <summary>Ends a payment that waits for its cardholder: authenticated, or refused. One that has ended stays as it is.</summary>
    public ValueTask<Payment> AuthenticateAsync(string paymentId, bool isApproved, CancellationToken cancellationToken) =>
        EndAsync(paymentId, stored => isApproved ? stored.DeclineAfterwards : Decline.AuthenticationFailed, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Payment> RefundAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.Amount);
        ArgumentOutOfRangeException.ThrowIfNotEqual(request.Amount, decimal.Round(request.Amount, 2));
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var (stored, etag) = await ReadAsync(request.PaymentId, cancellationToken)
                ?? throw new ArgumentException("There is no such payment.", nameof(request));
            var left = stored.Payment.Status == PaymentStatus.Succeeded ? stored.Payment.Amount - stored.Payment.Refunded : 0;
            var payment = stored.Payment with { Refunded = stored.Payment.Refunded + Math.Min(left, request.Amount) };
            var result = await _tables.CommitAsync(
                TableNames.Payments,
                stored.Owner,
                [
                    TableWrite.Insert(KeyRow("refund|", request.Key), Json.Write(payment.Id, PaymentsJson.Default.String)),
                    TableWrite.Replace(PaymentRow(payment.Id), Write(stored with { Payment = payment }), etag),
                ],
                cancellationToken);
            if (result.IsCommitted) return payment;
            if (result.Outcome == CommitOutcome.Duplicate) return (await ReadAsync(request.PaymentId, cancellationToken))!.Value.Stored.Payment;
        }
    }

    /// <summary>Has the cardholder's bank dispute a payment that succeeded, or decide a dispute. One that was decided stays as it is.</summary>
    /// <returns>The payment; null where there is none that can be disputed so.</returns>
    public async ValueTask<StoredPayment?> DisputeAsync(string paymentId, DisputeStatus status, string reason, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await ReadAsync(paymentId, cancellationToken) is not var (stored, etag) || stored.Payment.Status != PaymentStatus.Succeeded) return null;
            var known = stored.Payment.Dispute;
            if (known?.Status == status) return stored;
            if (known is { Status: not DisputeStatus.Open } || (known is null && status != DisputeStatus.Open)) return null;
            var dispute = known is null ? new PaymentDispute(status, stored.Payment.Amount - stored.Payment.Refunded, reason) : known with { Status = status };
            if (dispute.Amount <= 0) return null;
            var disputed = stored with { Payment = stored.Payment with { Dispute = dispute } };
            if ((await _tables.CommitAsync(
                TableNames.Payments,
                stored.Owner,
                [TableWrite.Replace(PaymentRow(paymentId), Write(disputed), etag)],
                cancellationToken)).IsCommitted)
                return disputed;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PaymentMethod>> ListMethodsAsync(string owner, CancellationToken cancellationToken) =>
        _cards.ListAsync(owner, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<AddedMethod> AddMethodAsync(string owner, string token, CancellationToken cancellationToken) =>
        new() { Method = await _cards.AddAsync(owner, Card(token), null, cancellationToken) };

    /// <inheritdoc/>
    public ValueTask<bool> RemoveMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken) =>
        _cards.RemoveAsync(owner, paymentMethodId, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> SetDefaultMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken) =>
        _cards.SetDefaultAsync(owner, paymentMethodId, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CardSetup> CreateSetupAsync(string owner, Uri returnUrl, CancellationToken cancellationToken) =>
        _setups.CreateAsync(owner, returnUrl, cancellationToken);

    /// <inheritdoc/>
    public bool HasForm(string owner) => false;

    /// <inheritdoc/>
    public ValueTask<CardSetup> CreateFormAsync(string owner, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The simulator has no form.");

    /// <inheritdoc/>
    public ValueTask<CardSetup?> FindSetupAsync(string owner, string setupId, CancellationToken cancellationToken) =>
        _setups.FindAsync(owner, setupId, cancellationToken);

    /// <summary>The collection of a page's card with what it was asked for with; null where there is none of that secret.</summary>
    public ValueTask<StoredSetup?> FindSetupByPageAsync(string setupId, string secret, CancellationToken cancellationToken) =>
        _setups.FindBySecretAsync(setupId, secret, cancellationToken);

    /// <summary>Gives the card that is collected. One that was given before stays the card.</summary>
    /// <exception cref="ArgumentException">There is no such collection or no such test card.</exception>
    public ValueTask<CardSetup> GiveCardAsync(string setupId, string token, CancellationToken cancellationToken) =>
        _setups.CompleteAsync(setupId, Card(token), cancellationToken);

    private static TestCard Card(string token) =>
        TestCard.All.TryGetValue(token, out var card) ? card : throw new ArgumentException("There is no such test card.", nameof(token));

    private static StoredPayment Decide(ChargeRequest request, StoredMethod? method, DateTimeOffset now)
    {
        var payment = new Payment
        {
            Id = Id.Create("pay", Mode.Test, now),
            Status = PaymentStatus.Succeeded,
            Amount = Math.Ceiling(request.Amount * 100) / 100,
            PaymentMethodId = method?.Method.Id,
            CreatedAt = now,
        };
        var stored = new StoredPayment(payment, request.Owner, request.Key, request.ReturnUrl, null);
        if (method is null) return stored with { Payment = Ended(payment, Decline.NoCard) };
        var card = TestCard.All[method.Token];
        if (card.Authentication == CardAuthentication.Never || (card.Authentication == CardAuthentication.OnSession && request.IsOffSession))
            return stored with { Payment = Ended(payment, card.Decline) };
        if (request.IsOffSession) return stored with { Payment = Ended(payment, Decline.AuthenticationRequired) };
        return stored with { Payment = payment with { Status = PaymentStatus.RequiresAction }, DeclineAfterwards = card.Decline };
    }

    // Who knows the address may end the payment, so it holds a secret and is not stored.
    private async ValueTask<Payment> ShowAsync(Payment payment, CancellationToken cancellationToken) => payment.Status == PaymentStatus.RequiresAction
        ? payment with { ActionUrl = new Uri($"/pay/authenticate/{payment.Id}/{await _secrets.OfAsync(payment.Id, cancellationToken)}", UriKind.Relative) }
        : payment;

    private static Payment Ended(Payment payment, Decline? decline) => decline is null
        ? payment with { Status = PaymentStatus.Succeeded }
        : payment with { Status = PaymentStatus.Failed, DeclineCode = decline.Code, Message = decline.Message };

    private async ValueTask<Payment> EndAsync(string paymentId, Func<StoredPayment, Decline?> decide, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var (stored, etag) = await ReadAsync(paymentId, cancellationToken) ?? throw new ArgumentException("There is no such payment.", nameof(paymentId));
            if (stored.Payment.Status != PaymentStatus.RequiresAction) return stored.Payment;
            var ended = Ended(stored.Payment, decide(stored));
            var writes = new List<TableWrite> { TableWrite.Replace(PaymentRow(paymentId), Write(stored with { Payment = ended }), etag) };
            if (await _cards.FindAsync(stored.Owner, ended.PaymentMethodId, cancellationToken) is { } card)
                writes.Add(SimulatedCards.Mark(card, ended, _time.GetUtcNow()));
            if ((await _tables.CommitAsync(TableNames.Payments, stored.Owner, writes, cancellationToken)).IsCommitted) return ended;
        }
    }

    private async ValueTask<(StoredPayment Stored, string ETag)?> ReadAsync(string paymentId, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(paymentId, "pay", Mode.Test, out _)
            || await _tables.GetAsync(TableNames.Payments, paymentId, OwnerRow, cancellationToken) is not { } owner)
            return null;
        var row = await _tables.GetAsync(TableNames.Payments, Json.Read(owner.Data, PaymentsJson.Default.String), PaymentRow(paymentId), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, PaymentsJson.Default.StoredPayment), row.ETag);
    }

    private async ValueTask<Payment?> FindByKeyAsync(string owner, string keyRow, CancellationToken cancellationToken)
    {
        var row = await _tables.GetAsync(TableNames.Payments, owner, keyRow, cancellationToken);
        return row is null ? null : await FindAsync(Json.Read(row.Data, PaymentsJson.Default.String), cancellationToken);
    }

    private static ReadOnlyMemory<byte> Write(StoredPayment payment) => Json.Write(payment, PaymentsJson.Default.StoredPayment);

    private static string PaymentRow(string id) => RowPaging.Key("payment|", id);

    // A key may hold any character.
    private static string KeyRow(string prefix, string key) => prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
