using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using Lava.Local;
using Lava.Service.Admin;
using Lava.Service.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Tests.Telemetry;

/// <summary>The exporter against a collector that takes OTLP over HTTP. Names are sought in the bytes: protocol buffers hold text as it is.</summary>
[Collection("telemetry")]
public sealed class OtlpExportTests
{
    private const string Prompt = "a-prompt-that-no-collector-may-see";

    [Fact]
    public async Task Spans_and_metrics_reach_a_collector()
    {
        var received = new ConcurrentDictionary<string, StringBuilder>();
        await using var collector = await CollectAsync(received);
        var key = await RunAsync(new()
        {
            [OtlpExport.Endpoint] = AddressOf(collector).GetLeftPart(UriPartial.Authority),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-team=lava",
        });

        var traces = received["/v1/traces lava"].ToString();
        foreach (var name in new[] { "Lava.Gateway", "service.name", "chat gpt-4o-mini", "gen_ai.provider.name", "gen_ai.usage.output_tokens", "lava.request.id" }) traces.ShouldContain(name);
        var metrics = received["/v1/metrics lava"].ToString();
        foreach (var name in new[] { "Lava.Gateway", "gen_ai.client.operation.duration", "gen_ai.client.token.usage", "lava.metered.records", "lava.queue.backlog.age" }) metrics.ShouldContain(name);
        foreach (var secret in new[] { Prompt, key }) (traces + metrics).ShouldNotContain(secret);
    }

    [Fact]
    public async Task Without_a_collector_nothing_is_collected()
    {
        await RunAsync([], services =>
        {
            services.GetServices<ITelemetryExporter>().ShouldBeEmpty();
            services.GetRequiredService<Instruments>().Source.HasListeners().ShouldBeFalse();
        });
    }

    /// <summary>Serves a call and stops, which sends what is left. Returns the merchant's key.</summary>
    private static async Task<string> RunAsync(Dictionary<string, string?> settings, Action<IServiceProvider>? check = null)
    {
        var folder = Directory.CreateTempSubdirectory("lava-otlp-");
        var app = await LocalServer.BuildAsync(folder.FullName, 0, builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            // The service has been registered by now, with the environment's settings.
            if (settings.ContainsKey(OtlpExport.Endpoint)) builder.Services.AddSingleton<ITelemetryExporter, OtlpExport>();
        });
        string key;
        await using (app)
        {
            await app.StartAsync();
            check?.Invoke(app.Services);
            using var heard = new Heard(app.Services.GetRequiredService<Instruments>());
            key = (await app.Services.GetRequiredService<MerchantCreation>().CreateAsync("A merchant", 100, 0, CancellationToken.None)).TestKey;
            using var http = new HttpClient { BaseAddress = AddressOf(app) };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/forward?u=https://api.openai.com/v1/chat/completions") { Content = JsonContent.Create(new { model = "gpt-4o-mini", messages = new[] { new { role = "user", content = Prompt } } }) };
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
            (await http.SendAsync(request)).EnsureSuccessStatusCode();
            await heard.FirstAsync("lava.queue.backlog.age");
            await app.StopAsync();
        }

        folder.Delete(recursive: true);
        return key;
    }

    private static async Task<WebApplication> CollectAsync(ConcurrentDictionary<string, StringBuilder> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = builder.Build();
        collector.MapPost("/v1/{signal}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            var text = received.GetOrAdd($"{request.Path} {request.Headers["x-team"]}", static _ => new StringBuilder());
            lock (text) text.Append(Encoding.Latin1.GetString(body.ToArray()));
            return Results.Bytes([], "application/x-protobuf");
        });
        await collector.StartAsync();
        return collector;
    }

    private static Uri AddressOf(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
