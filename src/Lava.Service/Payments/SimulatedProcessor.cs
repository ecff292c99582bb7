using System.Security.Cryptography;
using System.Text;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Http;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Payments;

/// <summary>A payment processor without money, for test mode: durable, and every test card does what Stripe's does (behaviour.md §7.2).</summary>
public sealed class SimulatedProcessor(ITableStore tables, TimeProvider time) : IPaymentProcessor
{
    private const string MethodPrefix = "method|";
    private const string DefaultRow = "default";
    private const string OwnerRow = "owner";

    /// <inheritdoc/>
    public async ValueTask<Payment> ChargeAsync(ChargeRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindByKeyAsync(request.Owner, request.Key, cancellationToken) is { } made) return made;
            var method = await FindMethodAsync(request.Owner, request.PaymentMethodId, cancellationToken);
            var payment = Decide(request, method, time.GetUtcNow());
            string? secret = null;
            if (payment.Status == PaymentStatus.RequiresAction)
            {
                // Who knows the address may end the payment, so it holds a secret.
                secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
                payment = payment with { ActionUrl = new Uri($"/pay/authenticate/{payment.Id}/{secret}", UriKind.Relative) };
            }

            // Where to find it comes first; a payment that is never made is never asked for.
            await tables.CommitAsync(Tables.Payments, payment.Id, [TableWrite.Put(OwnerRow, Json.Write(request.Owner, PaymentsJson.Default.String))], cancellationToken);
            var writes = new List<TableWrite>
            {
                TableWrite.Insert(KeyRow(request.Key), Json.Write(payment.Id, PaymentsJson.Default.String)),
                TableWrite.Insert(PaymentRow(payment.Id), Write(new StoredPayment(payment, request.Owner, request.Key, request.ReturnUrl, secret))),
            };
            if (method is not null) writes.Add(TableWrite.Put(MethodRow(method.Method.Id), Write(Marked(method, payment))));
            if ((await tables.CommitAsync(Tables.Payments, request.Owner, writes, cancellationToken)).IsCommitted) return payment;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Payment?> FindAsync(string paymentId, CancellationToken cancellationToken) => (await ReadAsync(paymentId, cancellationToken))?.Stored.Payment;

    /// <summary>A payment with what it was asked for with; null where there is none.</summary>
    public async ValueTask<StoredPayment?> FindStoredAsync(string paymentId, CancellationToken cancellationToken) => (await ReadAsync(paymentId, cancellationToken))?.Stored;

    /// <inheritdoc/>
    public ValueTask<Payment> CancelAsync(string paymentId, CancellationToken cancellationToken) =>
        EndAsync(paymentId, payment => payment with { Status = PaymentStatus.Failed, ActionUrl = null, DeclineCode = "canceled", Message = "The payment was given up." }, cancellationToken);

    /// <summary>Ends a payment that waits for its cardholder: authenticated, or refused. One that has ended stays as it is.</summary>
    public ValueTask<Payment> AuthenticateAsync(string paymentId, bool isApproved, CancellationToken cancellationToken) =>
        EndAsync(
            paymentId,
            payment => isApproved
                ? payment with { Status = PaymentStatus.Succeeded, ActionUrl = null }
                : payment with { Status = PaymentStatus.Failed, ActionUrl = null, DeclineCode = "authentication_failed", Message = "The cardholder could not be authenticated." },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Payment> RefundAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (stored, etag) = await ReadAsync(request.PaymentId, cancellationToken) ?? throw new ArgumentException("There is no such payment.", nameof(request));
            var left = stored.Payment.Status == PaymentStatus.Succeeded ? stored.Payment.Amount - stored.Payment.Refunded : 0;
            var payment = stored.Payment with { Refunded = stored.Payment.Refunded + Math.Min(left, request.Amount) };
            var result = await tables.CommitAsync(
                Tables.Payments,
                stored.Owner,
                [
                    TableWrite.Insert(KeyRow("refund:" + request.Key), Json.Write(payment.Id, PaymentsJson.Default.String)),
                    TableWrite.Replace(PaymentRow(payment.Id), Write(stored with { Payment = payment }), etag),
                ],
                cancellationToken);
            if (result.IsCommitted) return payment;
            if (result.Outcome == CommitOutcome.Duplicate) return stored.Payment;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<PaymentMethod>> ListMethodsAsync(string owner, CancellationToken cancellationToken)
    {
        var isDefault = await DefaultAsync(owner, cancellationToken);
        var rows = await tables.QueryAsync(Tables.Payments, owner, KeyRange.Prefix(MethodPrefix), 100, cancellationToken);
        return [.. rows.Select(row => Json.Read(row.Data, PaymentsJson.Default.StoredMethod).Method).Select(method => method with { IsDefault = method.Id == isDefault })];
    }

    /// <inheritdoc/>
    public async ValueTask<PaymentMethod> AddMethodAsync(string owner, string token, CancellationToken cancellationToken)
    {
        if (!TestCard.All.TryGetValue(token, out var card)) throw new ArgumentException("There is no such test card.", nameof(token));
        var now = time.GetUtcNow();
        var method = new PaymentMethod { Id = Id.Create("pm", Mode.Test, now), Last4 = card.Number[^4..], Brand = card.Brand, ExpiryMonth = "12", ExpiryYear = (now.Year + 4).ToString("D4", null) };
        var isFirst = await DefaultAsync(owner, cancellationToken) is null;
        var writes = new List<TableWrite> { TableWrite.Insert(MethodRow(method.Id), Write(new StoredMethod(method, card.Token))) };
        if (isFirst) writes.Add(TableWrite.Put(DefaultRow, Json.Write(method.Id, PaymentsJson.Default.String)));
        await tables.CommitAsync(Tables.Payments, owner, writes, cancellationToken);
        return method with { IsDefault = isFirst };
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RemoveMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken)
    {
        if (await FindMethodAsync(owner, paymentMethodId, cancellationToken) is null) return false;
        var isDefault = await DefaultAsync(owner, cancellationToken) == paymentMethodId;
        var writes = new List<TableWrite> { TableWrite.Delete(MethodRow(paymentMethodId)) };
        if (isDefault) writes.Add(TableWrite.Delete(DefaultRow));
        return (await tables.CommitAsync(Tables.Payments, owner, writes, cancellationToken)).IsCommitted;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SetDefaultMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken)
    {
        if (await FindMethodAsync(owner, paymentMethodId, cancellationToken) is null) return false;
        await tables.CommitAsync(Tables.Payments, owner, [TableWrite.Put(DefaultRow, Json.Write(paymentMethodId, PaymentsJson.Default.String))], cancellationToken);
        return true;
    }

    private static Payment Decide(ChargeRequest request, StoredMethod? method, DateTimeOffset now)
    {
        var payment = new Payment
        {
            Id = Id.Create("pay", Mode.Test, now),
            Status = PaymentStatus.Succeeded,
            Amount = Math.Ceiling(request.Amount * 100) / 100,
            PaymentMethodId = method?.Method.Id,
            CreatedAt = now,
        };
        if (method is null) return payment with { Status = PaymentStatus.Failed, DeclineCode = "no_payment_method", Message = "There is no card to charge." };
        var card = TestCard.All[method.Token];
        if (card.DeclineCode is not null) return payment with { Status = PaymentStatus.Failed, DeclineCode = card.DeclineCode, Message = "The card was declined." };
        if (!card.RequiresAuthentication) return payment;
        return request.IsOffSession
            ? payment with { Status = PaymentStatus.Failed, DeclineCode = "authentication_required", Message = "The cardholder must authenticate this charge." }
            : payment with { Status = PaymentStatus.RequiresAction };
    }

    private static StoredMethod Marked(StoredMethod stored, Payment payment) => stored with
    {
        Method = payment.Status == PaymentStatus.Failed
            ? stored.Method with { ErrorCode = payment.DeclineCode, ErrorMessage = payment.Message, ErrorAt = payment.CreatedAt }
            : stored.Method with { ErrorCode = null, ErrorMessage = null, ErrorAt = null },
    };

    private async ValueTask<Payment> EndAsync(string paymentId, Func<Payment, Payment> end, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (stored, etag) = await ReadAsync(paymentId, cancellationToken) ?? throw new ArgumentException("There is no such payment.", nameof(paymentId));
            if (stored.Payment.Status != PaymentStatus.RequiresAction) return stored.Payment;
            var ended = end(stored.Payment);
            if ((await tables.CommitAsync(Tables.Payments, stored.Owner, [TableWrite.Replace(PaymentRow(paymentId), Write(stored with { Payment = ended }), etag)], cancellationToken)).IsCommitted) return ended;
        }
    }

    private async ValueTask<(StoredPayment Stored, string ETag)?> ReadAsync(string paymentId, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(paymentId, "pay", Mode.Test, out _) || await tables.GetAsync(Tables.Payments, paymentId, OwnerRow, cancellationToken) is not { } owner) return null;
        var row = await tables.GetAsync(Tables.Payments, Json.Read(owner.Data, PaymentsJson.Default.String), PaymentRow(paymentId), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, PaymentsJson.Default.StoredPayment), row.ETag);
    }

    private async ValueTask<Payment?> FindByKeyAsync(string owner, string key, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(Tables.Payments, owner, KeyRow(key), cancellationToken);
        return row is null ? null : await FindAsync(Json.Read(row.Data, PaymentsJson.Default.String), cancellationToken);
    }

    private async ValueTask<StoredMethod?> FindMethodAsync(string owner, string? id, CancellationToken cancellationToken)
    {
        id ??= await DefaultAsync(owner, cancellationToken);
        if (id is null || !Id.TryGetUlid(id, "pm", Mode.Test, out _)) return null;
        var row = await tables.GetAsync(Tables.Payments, owner, MethodRow(id), cancellationToken);
        return row is null ? null : Json.Read(row.Data, PaymentsJson.Default.StoredMethod);
    }

    private async ValueTask<string?> DefaultAsync(string owner, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Payments, owner, DefaultRow, cancellationToken) is { } row ? Json.Read(row.Data, PaymentsJson.Default.String) : null;

    private static ReadOnlyMemory<byte> Write(StoredPayment payment) => Json.Write(payment, PaymentsJson.Default.StoredPayment);

    private static ReadOnlyMemory<byte> Write(StoredMethod method) => Json.Write(method, PaymentsJson.Default.StoredMethod);

    private static string MethodRow(string id) => RowPages.Key(MethodPrefix, id);

    private static string PaymentRow(string id) => "payment|" + Ulid.Mirror(id.AsSpan(id.Length - Ulid.Length));

    // A key may hold any character.
    private static string KeyRow(string key) => "key|" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
