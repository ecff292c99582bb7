using Lava.Core.Ids;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Stripe;

namespace Lava.Functions.Payments;

/// <summary>Refunds. Each is written down with its amount before Stripe hears of it and carries its name there, so that one whose answer was lost is found
/// again however late it is looked for.</summary>
internal sealed class StripeRefunds(ITableStore tables, StripeAccess stripe, StripeCharges charges, TimeProvider time)
{
    private const string NameField = "lava_refund";
    private const int MaxTurns = 10;
    private const int MaxListed = 100;

    public async ValueTask<Payment> RefundAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.Amount);
        ArgumentOutOfRangeException.ThrowIfNotEqual(request.Amount, decimal.Round(request.Amount, 2));
        if (await charges.ReadAsync(request.PaymentId, cancellationToken) is not { } charge)
            throw new ArgumentException("There is no such payment.", nameof(request));
        var owner = charge.Stored.Owner;
        var key = StripeIds.KeyRow("refund|", request.Key);
        for (var turn = 0; turn < MaxTurns; turn++)
        {
            // The row first: a payment that was seen before the refund was done would not show it.
            var kept = await tables.GetAsync(TableNames.Payments, owner, key, cancellationToken);
            var payment = (await charges.FindAsync(request.PaymentId, cancellationToken))!;
            if (payment.Status != PaymentStatus.Succeeded) return payment;
            var cents = decimal.ToInt64(Math.Min(payment.Amount - payment.Refunded, request.Amount) * 100);
            if (kept is not { } row)
            {
                if (cents <= 0) return payment;
                await tables.CommitAsync(
                    TableNames.Payments,
                    owner,
                    [TableWrite.Insert(key, Write(new StoredRefund(Ulid.Create(time.GetUtcNow()), cents, 0, false)))],
                    cancellationToken);
                continue;
            }

            var stored = Json.Read(row.Data, StripeRows.Default.StoredRefund);
            if (stored.IsDone) return payment;
            var isGiven = await IsGivenAsync(charge.Stored.IntentId!, stored.Name, cancellationToken);
            if (!isGiven && stored.Cents > cents)
            {
                // Others have given back meanwhile.
                await SaveAsync(owner, row, cents <= 0 ? stored with { IsDone = true } : stored with { Cents = cents }, cancellationToken);
                continue;
            }

            if (!isGiven && !await GiveAsync(owner, charge.Stored.IntentId!, row, stored, cancellationToken)) continue;
            await SaveAsync(owner, row, stored with { IsDone = true }, cancellationToken);
        }

        throw new PaymentProcessorException("The refund is under way at Stripe.");
    }

    private async ValueTask<bool> GiveAsync(string owner, string intent, TableRow row, StoredRefund stored, CancellationToken cancellationToken)
    {
        var options = new RefundCreateOptions
        {
            PaymentIntent = intent,
            Amount = stored.Cents,
            Metadata = new Dictionary<string, string> { [NameField] = stored.Name },
        };
        var answer = await stripe.CallAsync(
            client => client.V1.Refunds.CreateAsync(
                options,
                new RequestOptions { IdempotencyKey = $"lava-refund-{stored.Name}-{stored.Cents}-{stored.Attempt}" },
                cancellationToken),
            cancellationToken,
            () => SaveAsync(owner, row, stored with { Attempt = stored.Attempt + 1 }, cancellationToken));

        // More than is left: what is left is asked for in the next turn.
        if (answer.Error is { Code: "charge_already_refunded" or "amount_too_large" } or { Code: null, Param: "amount" }) return false;
        answer.Required();
        return true;
    }

    private async ValueTask<bool> IsGivenAsync(string intent, string name, CancellationToken cancellationToken)
    {
        string? after = null;
        while (true)
        {
            var options = new RefundListOptions { PaymentIntent = intent, Limit = MaxListed, StartingAfter = after };
            var page = (await stripe.CallAsync(
                client => client.V1.Refunds.ListAsync(options, cancellationToken: cancellationToken),
                cancellationToken)).Required();
            if (page.Data.Any(refund => refund.Metadata?.GetValueOrDefault(NameField) == name)) return true;
            if (!page.HasMore || page.Data.Count == 0) return false;
            after = page.Data[^1].Id;
        }
    }

    private async ValueTask SaveAsync(string owner, TableRow row, StoredRefund changed, CancellationToken cancellationToken) =>
        await tables.CommitAsync(TableNames.Payments, owner, [TableWrite.Replace(row.Key, Write(changed), row.ETag)], cancellationToken);

    private static ReadOnlyMemory<byte> Write(StoredRefund refund) => Json.Write(refund, StripeRows.Default.StoredRefund);
}
