using System.Collections.Frozen;
using System.Net;
using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Core.Signing;
using Lava.Service.Catalogue;
using Lava.Service.Gateway.Calls;
using Lava.Service.Sandbox;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Lava.Service.Gateway.Upstream;

/// <summary>Sends calls to providers, or to the sandbox. Connections are pooled for the life of the process, as the framework advises for proxies: one handler,
/// renewed connections, no cookies, no redirects (a redirect could lead anywhere), no decompression (bytes pass as they are).</summary>
internal sealed class UpstreamClient : IDisposable
{
    private readonly HttpMessageInvoker _providers;
    private readonly HttpMessageInvoker _sandbox;
    private readonly UpstreamMap _upstreams;
    private readonly AzurePools _azure;
    private readonly TimeProvider _time;
    private readonly FrozenSet<string> _more;

    public UpstreamClient(IOptions<GatewayOptions> options, UpstreamMap upstreams, AzurePools azure, SandboxProvider sandbox, TimeProvider time)
    {
        _upstreams = upstreams;
        _azure = azure;
        _time = time;
        _more = (options.Value.PassHeaders ?? "").Split(
            ',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _sandbox = new HttpMessageInvoker(sandbox, disposeHandler: false);
        _providers = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(options.Value.ConnectSeconds),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = null,
        });
    }

    /// <summary>Sends a call and returns when the answer's headers are there.</summary>
    /// <exception cref="HttpRequestException">The provider could not be reached, or broke off.</exception>
    public Task<HttpResponseMessage> SendAsync(ForwardCall call, HttpRequest request, CancellationToken cancellationToken)
    {
        if (IsPooled(call)) return SendToAzureAsync(call, request, cancellationToken);
        var message = Message(call, request, Address(call), call.Body);
        if (call.ProviderKey is not null) Authenticate(message, call, call.ProviderKey);
        if (!call.IsSandboxed) return _providers.SendAsync(message, cancellationToken);
        message.Options.Set(SandboxProvider.EndpointKey, call.Endpoint);
        message.Options.Set(SandboxProvider.ModelKey, call.ModelName ?? "");
        if (call.Model is not null)
        {
            message.Options.Set(SandboxProvider.ProfileKey, ModelProfile.Of(call.Model, call.ModelName));
            message.Options.Set(SandboxProvider.KindKey, call.Model.Kind);
        }

        return _sandbox.SendAsync(message, cancellationToken);
    }

    /// <summary>What a call that goes to this host is counted with, where a host that keeps failing is left alone.</summary>
    public string HostOf(ForwardCall call) => IsPooled(call) ? _azure.HostOf(call.ProviderKey!) : call.Url.Host;

    /// <summary>Whether a call goes to one of the operator's resources of Azure OpenAI, and its key names which.</summary>
    public static bool IsPooled(ForwardCall call) =>
        call is { IsManaged: true, IsSandboxed: false, ProviderKey: not null, Provider.Id: AzureResources.Provider };

    private async Task<HttpResponseMessage> SendToAzureAsync(ForwardCall call, HttpRequest request, CancellationToken cancellationToken)
    {
        var place = _azure.PlaceOf(call, call.Translation is null && request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true);
        var message = Message(call, request, _upstreams.Resolve(call.Provider, place.Address), place.Body);
        await _azure.AuthenticateAsync(message, place.Resource, cancellationToken);
        return await _providers.SendAsync(message, cancellationToken);
    }

    private HttpRequestMessage Message(ForwardCall call, HttpRequest request, Uri address, ReadOnlyMemory<byte> body)
    {
        var message = new HttpRequestMessage(new HttpMethod(call.Incoming.Method), address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (body.Length > 0 || request.ContentLength is not null || request.Headers.TransferEncoding.Count > 0)
            message.Content = new ReadOnlyMemoryContent(body);
        foreach (var (name, values) in request.Headers)
        {
            if (!Sends(call, name)) continue;
            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        if (call.Translation is not null) message.Content!.Headers.TryAddWithoutValidation("content-type", "application/json");
        foreach (var (name, value) in call.Provider.DefaultHeaders)
        {
            if (!message.Headers.Contains(name)) message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    /// <summary>Whether a header of the client's request goes on with a call.</summary>
    public bool Sends(ForwardCall call, string name)
    {
        // What carries a credential or frames the body is never the provider's, whatever the operator has set.
        if (!HeaderRules.IsPassable(name)) return false;
        if (_more.Count > 0 && _more.Contains(name)) return true;
        if (name.Equals("x-sandbox", StringComparison.OrdinalIgnoreCase)) return call.IsSandboxed;
        return call.Translation is null ? HeaderRules.IsForwarded(call.Provider, call.Endpoint, call.IsManaged, name) : HeaderRules.IsForwardedTranslated(name);
    }

    public void Dispose()
    {
        _providers.Dispose();
        _sandbox.Dispose();
    }

    private Uri Address(ForwardCall call) => call.IsSandboxed ? call.Url : _upstreams.Resolve(call.Provider, call.Url);

    private void Authenticate(HttpRequestMessage message, ForwardCall call, string key)
    {
        if (call.Provider.Auth == AuthStyle.AwsSigV4 && AwsCredentials.Parse(key) is { } credentials)
        {
            Sign(message, call, credentials);
            return;
        }

        var (name, value) = call.Provider.Auth switch
        {
            AuthStyle.XApiKey => ("x-api-key", key),
            AuthStyle.XGoogApiKey => ("x-goog-api-key", key),
            AuthStyle.XiApiKey => ("xi-api-key", key),

            // A token of Microsoft Entra is a JWT; keys are not.
            AuthStyle.ApiKey when !key.StartsWith("eyJ", StringComparison.Ordinal) => ("api-key", key),

            // Bedrock takes its API keys as bearer tokens too.
            _ => ("Authorization", "Bearer " + key),
        };
        message.Headers.TryAddWithoutValidation(name, value);
    }

    // Only the host is signed beside the body: a header that something on the way adds to or changes would break it.
    private void Sign(HttpRequestMessage message, ForwardCall call, AwsCredentials credentials)
    {
        var labels = call.Url.Host.Split('.');
        var region = labels.Length > 1 ? labels[1] : "us-east-1";
        foreach (var (name, value) in SigV4.Sign(
            call.Incoming.Method,
            message.RequestUri!,
            [],
            SigV4.HashOf(call.Body.Span),
            _time.GetUtcNow(),
            region,
            "bedrock",
            credentials))
            message.Headers.TryAddWithoutValidation(name, value);
    }
}
