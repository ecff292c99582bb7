using System.Collections.Concurrent;
using System.Text.Json;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Tests.Gateway.AzureOpenAi;

/// <summary>A resource of Azure OpenAI that refuses what the service documents as refused (Microsoft Learn, "Azure OpenAI REST API reference" and "API version lifecycle"): another key or token, a deployment that is
/// not there, a path by deployment without its version, a parameter or member that it does not know.</summary>
internal sealed class FakeAzure : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _credential;
    private readonly HashSet<string> _deployments;

    private FakeAzure(WebApplication app, string credential, string[] deployments) => (_app, _credential, _deployments) = (app, credential, [.. deployments]);

    /// <summary>What it was asked for: the deployment and the address.</summary>
    public ConcurrentQueue<(string Deployment, string Target)> Asked { get; } = new();

    /// <summary>What it answers instead of a chat, as long as it is set: a status and the milliseconds until there is room.</summary>
    public (int Status, int RetryAfterMs)? Full { get; set; }

    public Uri Address => LocalApp.AddressOf(_app);

    /// <summary>Starts one.</summary>
    /// <param name="credential">What a request must carry: <c>api-key: …</c> or <c>Authorization: Bearer …</c>.</param>
    /// <param name="deployments">Its deployments.</param>
    public static async Task<FakeAzure> StartAsync(string credential, params string[] deployments)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fake = new FakeAzure(builder.Build(), credential, deployments);
        fake._app.Run(fake.AnswerAsync);
        await fake._app.StartAsync();
        return fake;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var request = http.Request;
        var (path, version) = (request.Path.Value!, request.Query["api-version"].ToString());
        using var body = await JsonDocument.ParseAsync(request.Body);
        var colon = _credential.IndexOf(':', StringComparison.Ordinal);
        var credentials = new[] { "api-key", "Authorization" }.Where(name => request.Headers.ContainsKey(name)).ToList();
        if (credentials.Count != 1 || credentials[0] != _credential[..colon] || request.Headers[credentials[0]] != _credential[(colon + 2)..])
        {
            await RefuseAsync(http, 401, "401", "Access denied due to invalid subscription key or wrong API endpoint.");
            return;
        }

        var parts = path.Split('/');
        var isV1 = path.StartsWith("/openai/v1/", StringComparison.Ordinal);
        if (isV1 ? version.Length > 0 : version != "2024-10-21" || request.Query.Count != 1)
        {
            await RefuseAsync(http, isV1 ? 400 : 404, isV1 ? "BadRequest" : "404", isV1 ? "API version not supported" : "Resource not found");
            return;
        }

        var deployment = isV1 || path == "/openai/responses" ? body.RootElement.GetProperty("model").GetString()! : parts[3];
        if (!_deployments.Contains(deployment))
        {
            await RefuseAsync(http, 404, "DeploymentNotFound", "The API deployment for this resource does not exist.");
            return;
        }

        Asked.Enqueue((deployment, request.Path + request.QueryString));
        if (Full is { } full)
        {
            http.Response.Headers["retry-after-ms"] = full.RetryAfterMs.ToString(System.Globalization.CultureInfo.InvariantCulture);
            http.Response.Headers.RetryAfter = "1";
            await RefuseAsync(http, full.Status, "429", "Requests have exceeded the call rate limit.");
            return;
        }

        http.Response.ContentType = "application/json";
        http.Response.Headers["x-ms-region"] = "Sweden Central";
        await http.Response.WriteAsync("""
            {"id":"c","object":"chat.completion","created":1,"model":"gpt-4o-mini-2024-07-18","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}],
             "choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop","content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}],
             "usage":{"prompt_tokens":1000,"completion_tokens":1000,"total_tokens":2000}}
            """);
    }

    private static Task RefuseAsync(HttpContext http, int status, string code, string message)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync($$$"""{"error":{"code":"{{{code}}}","message":"{{{message}}}"}}""");
    }
}
