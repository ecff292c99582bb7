using System.Net;

namespace Stripe;

/// <summary>Tries again where a try failed on its way, met another with its key, or met a fault of the server; in every try the key is the same.</summary>
public class SystemNetHttpClient(HttpClient httpClient = null, int maxNetworkRetries = SystemNetHttpClient.DefaultMaxNumberRetries, AppInfo appInfo = null, bool enableTelemetry = true) : IHttpClient
{
    public const int DefaultMaxNumberRetries = 2;

    private static readonly HttpClient Shared = new() { Timeout = DefaultHttpTimeout };

    private readonly HttpClient _http = httpClient ?? Shared;

    public static TimeSpan DefaultHttpTimeout => TimeSpan.FromSeconds(80);

    public static TimeSpan MinNetworkRetriesDelay => TimeSpan.FromMilliseconds(500);

    public static TimeSpan MaxNetworkRetriesDelay => TimeSpan.FromSeconds(5);

    public bool EnableTelemetry { get; } = enableTelemetry;

    public int MaxNetworkRetries { get; } = maxNetworkRetries;

    public async Task<StripeResponse> MakeRequestAsync(StripeRequest request, CancellationToken cancellationToken = default)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var message = Message(request);
                using var answer = await _http.SendAsync(message, cancellationToken).ConfigureAwait(false);
                if (tries >= MaxNetworkRetries || !IsToBeRepeated(answer))
                    return new StripeResponse(answer.StatusCode, answer.Headers, await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (Exception fault) when (tries < MaxNetworkRetries && (fault is HttpRequestException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested)))
            {
                // Once more.
            }

            var delay = TimeSpan.FromTicks(Math.Min(MaxNetworkRetriesDelay.Ticks, MinNetworkRetriesDelay.Ticks << tries));
            await Task.Delay(delay, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsToBeRepeated(HttpResponseMessage answer)
    {
        if (answer.Headers.TryGetValues("Stripe-Should-Retry", out var values) && bool.TryParse(values.First(), out var said)) return said;
        return answer.StatusCode == HttpStatusCode.Conflict || (int)answer.StatusCode >= 500;
    }

    private HttpRequestMessage Message(StripeRequest request)
    {
        var message = new HttpRequestMessage(request.Method, request.Uri);
        foreach (var (name, value) in request.StripeHeaders) message.Headers.TryAddWithoutValidation(name, value);
        message.Headers.TryAddWithoutValidation("User-Agent", "Stripe/v1" + (appInfo is null ? "" : $" {appInfo.Name}/{appInfo.Version}"));
        if (request.Form is not null) message.Content = new FormUrlEncodedContent(request.Form);
        return message;
    }
}
