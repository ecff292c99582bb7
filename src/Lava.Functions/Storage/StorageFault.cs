using System.Globalization;
using Azure;

namespace Lava.Functions.Storage;

/// <summary>What a call to the table service that failed says of it.</summary>
/// <param name="Message">For the log; no key, no document.</param>
/// <param name="IsTransient">Whether the same call may succeed later.</param>
/// <param name="IsUndone">Whether it is certain that the service has done and will do nothing: it was never reached, or refused the call before it began.
/// Anything else that is transient may have happened.</param>
/// <param name="RetryAfter">How long the service asks to be left alone.</param>
internal readonly record struct StorageFault(string Message, bool IsTransient, bool IsUndone, TimeSpan? RetryAfter)
{
    private const string Unreachable = "The table service could not be reached.";

    /// <summary>Reads an exception of the client; null for any other exception.</summary>
    public static StorageFault? Of(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        // Status 0: no answer at all.
        RequestFailedException { Status: 0 } failed => new StorageFault(Unreachable, true, IsUnsent(failed.InnerException), null),
        RequestFailedException failed => Answered(failed),
        AggregateException { InnerException: { } inner } => Of(inner, cancellationToken) ?? new StorageFault(Unreachable, true, false, null),
        HttpRequestException unsent => new StorageFault(Unreachable, true, IsUnsent(unsent), null),
        IOException or TimeoutException => new StorageFault(Unreachable, true, false, null),
        OperationCanceledException when !cancellationToken.IsCancellationRequested =>
            new StorageFault("The table service did not answer in time.", true, false, null),
        _ => null,
    };

    private static StorageFault Answered(RequestFailedException failed)
    {
        // Throttling comes before the work (Microsoft Learn, "Table service error codes": 503 ServerBusy). A 503 of anybody else on the way says nothing of
        // what the service did.
        var isRefused = failed.Status == 429 || (failed.Status == 503 && failed.ErrorCode == "ServerBusy");
        var isTransient = failed.Status is 408 or 429 or >= 500;
        return new StorageFault(
            $"The table service answered {failed.Status} {failed.ErrorCode}.",
            isTransient,
            isRefused || !isTransient,
            RetryAfterOf(failed));
    }

    // The connection was never there, so nothing was sent over it.
    private static bool IsUnsent(Exception? fault) => fault is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError,
    };

    private static TimeSpan? RetryAfterOf(RequestFailedException failed)
    {
        if (failed.GetRawResponse() is not { } response) return null;
        if (response.Headers.TryGetValue("x-ms-retry-after-ms", out var text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            return TimeSpan.FromMilliseconds(milliseconds);
        if (!response.Headers.TryGetValue("Retry-After", out text)) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return TimeSpan.FromSeconds(seconds);

        // A date, measured by the service's clock, not by ours.
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
            && response.Headers.Date is { } now
            && until > now
            ? until - now
            : null;
    }
}
