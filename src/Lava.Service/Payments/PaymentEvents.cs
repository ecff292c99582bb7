using System.Text.Json;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Queues;
using Lava.Service.Queues;
using Lava.Service.Storage;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Payments;

/// <summary>Tells those who charged that a payment which had waited for its cardholder has ended. The message is in the queue before the payment ends, so that
/// a process that dies in the middle leaves nobody untold; whoever ends it also tells at once.</summary>
public sealed partial class PaymentEvents(
    IPaymentProcessor processor,
    IMessageQueue queue,
    IEnumerable<IPaymentListener> listeners,
    ILogger<PaymentEvents> logger) : IMessageHandler
{
    /// <summary>The queue's name.</summary>
    public const string QueueName = "payment-events";

    /// <summary>When a payment that is about to end is looked at. A request that ends one takes far less than the last; what waits still was not
    /// ended.</summary>
    private static readonly TimeSpan[] CheckDelays = [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)];

    private readonly IReadOnlyList<IPaymentListener> _listeners = [.. listeners];

    /// <inheritdoc/>
    public string Queue => QueueName;

    /// <inheritdoc/>
    public int MaxMessages => 10;

    /// <summary>Ends a payment and has it told.</summary>
    /// <param name="paymentId">The payment, which waits for its cardholder.</param>
    /// <param name="key">The key with which it was asked for.</param>
    /// <param name="owner">Whose card.</param>
    /// <param name="end">Ends it.</param>
    /// <param name="cancellationToken">Ends the wait before it is ended.</param>
    /// <returns>The payment as it is then.</returns>
    public async ValueTask<Payment> EndAsync(
        string paymentId,
        string key,
        string owner,
        Func<CancellationToken, ValueTask<Payment>> end,
        CancellationToken cancellationToken)
    {
        await SendAsync(new PaymentEvent(paymentId, key, owner, 0), cancellationToken);
        var payment = await end(CancellationToken.None);
        try
        {
            await TellAsync(payment, key, owner, CancellationToken.None);
        }
        catch (Exception fault)
        {
            LogUntold(paymentId, fault);
        }

        return payment;
    }

    /// <summary>Queues a processor notification so that listeners hear of the payment. A repeated notification is handled once.</summary>
    /// <param name="report">The processor's name of the report.</param>
    /// <param name="paymentId">The payment.</param>
    /// <param name="key">The key with which it was asked for.</param>
    /// <param name="owner">Whose card.</param>
    /// <param name="cancellationToken">Ends the wait before it is durable.</param>
    public ValueTask ReportAsync(string report, string paymentId, string key, string owner, CancellationToken cancellationToken) =>
        SendAsync(new PaymentEvent(paymentId, key, owner, 0, report), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var message in messages)
        {
            PaymentEvent happened;
            try
            {
                happened = Json.Read(message.Body, PaymentsJson.Default.PaymentEvent);
            }
            catch (JsonException fault)
            {
                throw new PoisonMessageException("It is no event of a payment.", fault) { Poison = message };
            }

            if (await processor.FindAsync(happened.PaymentId, cancellationToken) is not { } payment) continue;
            if (payment.Status != PaymentStatus.RequiresAction) await TellAsync(payment, happened.Key, happened.Owner, cancellationToken);
            else if (happened.Look + 1 < CheckDelays.Length) await SendAsync(happened with { Look = happened.Look + 1 }, cancellationToken);
        }
    }

    private async ValueTask TellAsync(Payment payment, string key, string owner, CancellationToken cancellationToken)
    {
        // One that fails keeps none of the others from hearing.
        var faults = new List<Exception>();
        foreach (var listener in _listeners)
        {
            try
            {
                await listener.PaymentEndedAsync(payment, key, owner, cancellationToken);
            }
            catch (Exception fault)
            {
                faults.Add(fault);
            }
        }

        if (faults.Count > 0) throw new AggregateException(faults);
    }

    // A report has a name of its own, for a queue drops what has the name of an earlier message; and what it tells of has happened already.
    private ValueTask SendAsync(PaymentEvent happened, CancellationToken cancellationToken)
    {
        var delay = happened is { Report: not null, Look: 0 } ? TimeSpan.Zero : CheckDelays[happened.Look];
        var message = new OutgoingMessage(
            $"{happened.Report ?? happened.PaymentId}|{happened.Look}",
            happened.PaymentId,
            Json.Write(happened, PaymentsJson.Default.PaymentEvent),
            delay);
        return queue.SendAsync(QueueName, [message], cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Payment {Id} has ended, but not every listener could be notified. They will be notified again.")]
    private partial void LogUntold(string id, Exception fault);
}
