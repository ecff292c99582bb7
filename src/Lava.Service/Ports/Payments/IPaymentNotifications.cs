namespace Lava.Service.Ports.Payments;

/// <summary>Takes what the live payment processor reports by itself. A head that registers a live processor registers this too.</summary>
public interface IPaymentNotifications
{
    /// <summary>Takes a report. It may come several times, late and out of order.</summary>
    /// <param name="body">The report as it was sent.</param>
    /// <param name="signature">The processor's signature of it; null where there was none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False where the signature is not the processor's.</returns>
    ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> body, string? signature, CancellationToken cancellationToken);
}
