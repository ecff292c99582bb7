using System.Net;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Vault;
using Microsoft.Extensions.Logging;
using Stripe;

namespace Lava.Functions.Payments;

/// <summary>Makes requests of Stripe with the vault's key, and sorts its errors (Stripe, "Error handling", "Advanced error handling").</summary>
internal sealed partial class StripeAccess : IDisposable
{
    /// <summary>How often a request is made again that met another one at work on the same thing.</summary>
    private const int MaxMeetings = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly IVault _vault;
    private readonly TimeProvider _time;
    private readonly ILogger<StripeAccess> _logger;
    private readonly HttpClient _http;
    private volatile Connection? _connection;

    public StripeAccess(IVault vault, StripeOptions options, TimeProvider time, ILogger<StripeAccess> logger)
    {
        (_vault, Options, _time, _logger) = (vault, options, time, logger);
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = options.Timeout };
    }

    public StripeOptions Options { get; }

    public void Dispose() => _http.Dispose();

    /// <summary>The webhook endpoint's signing secret; null where the vault has none.</summary>
    public ValueTask<string?> WebhookSecretAsync(CancellationToken cancellationToken) => _vault.GetAsync(Options.WebhookSecret, cancellationToken);

    /// <summary>Makes a request.</summary>
    /// <param name="call">Makes it.</param>
    /// <param name="whenKept">Called where Stripe repeats its fault for as long as it keeps the request's idempotency key, so that the next try takes
    /// another.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentProcessorException">It is not known what became of it, or the server's key may not do this.</exception>
    public async ValueTask<StripeAnswer<T>> CallAsync<T>(
        Func<StripeClient, Task<T>> call,
        CancellationToken cancellationToken,
        Func<ValueTask>? whenKept = null)
        where T : class
    {
        var client = await ClientAsync(cancellationToken);
        for (var meeting = 1; ; meeting++)
        {
            try
            {
                return new StripeAnswer<T>(await call(client), null);
            }
            catch (StripeException fault) when (IsMeeting(fault) && meeting < MaxMeetings)
            {
                await Task.Delay(FirstPause * (1 << (meeting - 1)), _time, cancellationToken);
            }
            catch (StripeException fault) when (IsRefusal(fault))
            {
                return new StripeAnswer<T>(null, fault.StripeError);
            }
            catch (StripeException fault)
            {
                if (whenKept is not null && IsKept(fault)) await whenKept();
                throw Sort(fault);
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException
                || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw new PaymentProcessorException("Stripe could not be reached or did not answer in time.", fault);
            }
        }
    }

    // Another request with the same key is under way, or another works on the same object, or there are too many.
    private static bool IsMeeting(StripeException fault) =>
        fault.HttpStatusCode is HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests
            || fault.StripeError?.Code is "idempotency_key_in_use" or "lock_timeout";

    private static bool IsRefusal(StripeException fault) =>
        fault is
        {
            HttpStatusCode: HttpStatusCode.BadRequest or HttpStatusCode.PaymentRequired or HttpStatusCode.NotFound,
            StripeError.Type: "card_error" or "invalid_request_error",
        };

    // Stripe's own answer to the key, which is over then. What something in front of Stripe answers says nothing of the request, which may be at work still: it
    // keeps its key.
    private static bool IsKept(StripeException fault) =>
        fault.StripeError is { } error && ((int)fault.HttpStatusCode >= 500 || error.Type == "idempotency_error");

    private PaymentProcessorException Sort(StripeException fault)
    {
        var isTransient = IsMeeting(fault) || IsKept(fault) || (int)fault.HttpStatusCode >= 500;
        if (!isTransient) LogRefused((int)fault.HttpStatusCode, fault.StripeError?.Type, fault.StripeError?.Code);
        return new PaymentProcessorException(
            $"Stripe answered {(int)fault.HttpStatusCode} ({fault.StripeError?.Type}, {fault.StripeError?.Code}).",
            fault) { IsTransient = isTransient };
    }

    private async ValueTask<StripeClient> ClientAsync(CancellationToken cancellationToken)
    {
        // The vault is asked each time, so that a key that was changed there is taken soon; it has an answer in memory.
        var key = (await ReadKeyAsync(cancellationToken))?.Trim();
        if (string.IsNullOrEmpty(key)) throw new PaymentProcessorException($"The vault has no secret {Options.ApiKeySecret}.") { IsTransient = false };
        if (!Options.AllowsTestKey && key.Contains("_test_", StringComparison.Ordinal))
            throw new PaymentProcessorException("Stripe's key is a test-mode key, so no payment would be real. Set Stripe__AllowTestKey to use "
                + "it anyway.") { IsTransient = false };
        if (_connection is { } known && known.Key == key) return known.Client;
        var client = new StripeClient(new StripeClientOptions
        {
            ApiKey = key,
            ApiBase = Options.ApiBase.AbsoluteUri.TrimEnd('/'),
            HttpClient = new SystemNetHttpClient(_http, Options.Retries, new AppInfo { Name = "Lava", Version = "0.1.0" }, enableTelemetry: false),
        });
        _connection = new Connection(key, client);
        return client;
    }

    private async ValueTask<string?> ReadKeyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _vault.GetAsync(Options.ApiKeySecret, cancellationToken);
        }
        catch (VaultException fault)
        {
            throw new PaymentProcessorException("The vault that has Stripe's key cannot be reached.", fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Stripe refuses this server ({Status}, {Type}, {Code}). Check the key in the vault and its permissions.")]
    private partial void LogRefused(int status, string? type, string? code);

    private sealed record Connection(string Key, StripeClient Client);
}
