using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Lava.Service.Webhooks.Deliveries;

/// <summary>Sends events. Names are resolved when the connection is made, and only addresses that the policy allows are connected to, so that no name can be
/// turned to a private one in between.</summary>
public sealed class WebhookClient : IDisposable
{
    /// <summary>How long a receiver may take.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <summary>Makes the client.</summary>
    public WebhookClient(WebhookTargets targets, TimeProvider time)
    {
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 16,
            ConnectCallback = async (context, cancellationToken) => await ConnectAsync(context.DnsEndPoint, targets, cancellationToken),
        })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Sends a delivery; the HTTP status, and why it failed or null.</summary>
    public async ValueTask<(int? Status, string? Error)> SendAsync(
        Webhook webhook,
        WebhookSecrets secrets,
        Delivery delivery,
        CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(delivery.Body);
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Lava-Webhooks");
        request.Headers.TryAddWithoutValidation("X-Webhook-Id", delivery.EventId);
        request.Headers.TryAddWithoutValidation("X-Webhook-Timestamp", timestamp);

        // It holds one signature, so while two secrets are good it is the old one's: a receiver that knows no other goes on.
        request.Headers.TryAddWithoutValidation("X-Webhook-Signature", Sign(secrets.Previous ?? secrets.Current, body));

        // With the time in it: an old delivery cannot be played back as a new one. One v1 for each secret that is good.
        byte[] timed = [.. Encoding.UTF8.GetBytes(timestamp + "."), .. body];
        var old = secrets.Previous is { } previous ? ",v1=" + Sign(previous, timed) : "";
        request.Headers.TryAddWithoutValidation("X-Webhook-Signature-V2", $"t={timestamp},v1={Sign(secrets.Current, timed)}{old}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)response.StatusCode;
            return response.IsSuccessStatusCode ? (status, null) : (status, $"The receiver answered with {status}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "The receiver did not answer in time.");
        }
        catch (HttpRequestException fault)
        {
            return (
                null,
                fault.InnerException is ForbiddenTargetException forbidden
                    ? forbidden.Message
                    : $"The receiver could not be reached ({fault.HttpRequestError}).");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Sign(string secret, ReadOnlySpan<byte> data) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), data));

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, WebhookTargets targets, CancellationToken cancellationToken)
    {
        if (!targets.AllowsPort(target.Port)) throw new ForbiddenTargetException("Webhooks must not use this port.");
        var addresses = targets.Allowed(IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(target.Host, cancellationToken));
        if (addresses.Count == 0) throw new ForbiddenTargetException("The address is not public.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync([.. addresses], target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class ForbiddenTargetException(string message) : IOException(message);
}
