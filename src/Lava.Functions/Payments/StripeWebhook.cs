using System.Text;
using System.Text.Json;
using Lava.Service.Billing;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Microsoft.Extensions.Logging;
using Stripe;
using Stripe.Checkout;

namespace Lava.Functions.Payments;

/// <summary>Takes Stripe's events (Stripe, "Receive Stripe events in your webhook endpoint"). Of a payment it takes the name alone: what has become of it,
/// Stripe is asked afterwards, so that events which come late, twice or out of order tell nothing wrong.</summary>
internal sealed partial class StripeWebhook(
    StripeProcessor processor,
    StripeAccess stripe,
    PaymentEvents events,
    CardTriggers cards,
    TimeProvider time,
    ILogger<StripeWebhook> logger) : IPaymentNotifications
{
    private static readonly UTF8Encoding Strict = new(false, true);

    public async ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> body, string? signature, CancellationToken cancellationToken)
    {
        if (signature is null) return false;
        var secret = await stripe.WebhookSecretAsync(cancellationToken)
            ?? throw new PaymentProcessorException($"The vault has no secret {stripe.Options.WebhookSecret}.") { IsTransient = false };
        if (Read(body, signature, secret.Trim()) is not { } happened) return false;
        switch (happened.Type)
        {
            case EventTypes.PaymentIntentSucceeded or EventTypes.PaymentIntentPaymentFailed or EventTypes.PaymentIntentCanceled
                or EventTypes.PaymentIntentRequiresAction
                when happened.Data?.Object is PaymentIntent intent:
                await TellAsync(happened.Id, intent.Metadata?.GetValueOrDefault(StripeCharges.PaymentField), cancellationToken);
                break;
            case EventTypes.ChargeRefunded when happened.Data?.Object is Charge { PaymentIntentId: { } intent }:
                await TellAsync(happened.Id, await processor.Charges.PaymentOfAsync(intent, cancellationToken), cancellationToken);
                break;
            case EventTypes.ChargeDisputeClosed or EventTypes.ChargeDisputeFundsWithdrawn
                or EventTypes.ChargeDisputeFundsReinstated when happened.Data?.Object is Dispute { PaymentIntentId: { } intent }:
                await TellAsync(happened.Id, await processor.Charges.PaymentOfAsync(intent, cancellationToken), cancellationToken);
                break;
            case EventTypes.ChargeDisputeCreated when happened.Data?.Object is Dispute { PaymentIntentId: { } intent } dispute:
                if (await processor.Charges.PaymentOfAsync(intent, cancellationToken) is { } disputed)
                {
                    LogDispute(disputed, dispute.Amount, dispute.Reason);
                    await TellAsync(happened.Id, disputed, cancellationToken);
                }

                break;
            case EventTypes.PaymentMethodDetached when happened.Data?.Object is Stripe.PaymentMethod card && FormerCustomer(body) is { } customer:
                if (await OwnerAsync(customer, cancellationToken) is { } former) await processor.Cards.ForgetAsync(former, card.Id, cancellationToken);
                break;
            case EventTypes.SetupIntentSucceeded when happened.Data?.Object is SetupIntent setup
                && setup.Metadata?.GetValueOrDefault(StripeCustomers.OwnerField) is { } keeper:
                // As below, of the form in the checkout's page.
                await processor.FindSetupAsync(keeper, setup.Id, cancellationToken);
                break;
            case EventTypes.CheckoutSessionCompleted when happened.Data?.Object is Session { Mode: "setup" } session
                && session.Metadata?.GetValueOrDefault(StripeCustomers.OwnerField) is { } owner:
                // The cardholder may never come back to whoever waits; the card is taken all the same.
                if (await processor.FindSetupAsync(owner, session.Id, cancellationToken) is { Method: { } given })
                    await cards.GivenAsync(owner, given.Id, cancellationToken);
                break;
        }

        return true;
    }

    private Event? Read(ReadOnlyMemory<byte> body, string signature, string secret)
    {
        try
        {
            return EventUtility.ConstructEvent(
                Strict.GetString(body.Span),
                signature,
                secret,
                EventUtility.DefaultTimeTolerance,
                time.GetUtcNow().ToUnixTimeSeconds(),
                throwOnApiVersionMismatch: false);
        }
        catch (Exception fault) when (fault is StripeException or JsonException or FormatException or OverflowException or ArgumentException
            or InvalidOperationException)
        {
            LogForged();
            return null;
        }
    }

    private async ValueTask TellAsync(string eventId, string? paymentId, CancellationToken cancellationToken)
    {
        // Others may charge on the same account.
        if (paymentId is null || await processor.Charges.ReadAsync(paymentId, cancellationToken) is not { } row) return;
        await events.ReportAsync(eventId, paymentId, row.Stored.Key, row.Stored.Owner, cancellationToken);
    }

    private async ValueTask<string?> OwnerAsync(string customer, CancellationToken cancellationToken)
    {
        var answer = await stripe.CallAsync(client => client.V1.Customers.GetAsync(customer, cancellationToken: cancellationToken), cancellationToken);
        return answer.Value?.Metadata?.GetValueOrDefault(StripeCustomers.OwnerField);
    }

    // A card that has been detached has no customer any more; the event tells whose it was.
    private static string? FormerCustomer(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("data").TryGetProperty("previous_attributes", out var former) && former.ValueKind == JsonValueKind.Object
            && former.TryGetProperty("customer", out var customer) && customer.ValueKind == JsonValueKind.String && StripeIds.IsId(customer.GetString(), "cus_")
            ? customer.GetString()
            : null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A report had no valid or recent signature by Stripe.")]
    private partial void LogForged();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Payment {Id} is disputed: {Cents} cents ({Reason}). Answer it in Stripe's dashboard.")]
    private partial void LogDispute(string id, long cents, string? reason);
}
