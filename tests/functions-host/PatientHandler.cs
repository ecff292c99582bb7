using System.Net.Sockets;

namespace Lava.FunctionsHost;

/// <summary>Tries again where nobody listens yet: a worker has loaded its functions before its server listens. The Functions host waits for it in the same
/// way.</summary>
internal sealed class PatientHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MaxTries = 10;

    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(250);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var wait = TimeSpan.FromMilliseconds(50);
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException fault) when (tries < MaxTries && fault.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                await Task.Delay(wait, cancellationToken);
                wait = wait * 2 < MaxWait ? wait * 2 : MaxWait;
            }
        }
    }
}
