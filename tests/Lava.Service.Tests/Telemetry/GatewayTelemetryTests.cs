using System.Diagnostics;
using System.Net.Http.Json;
using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Keys;
using Lava.Service.Admin;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Keys;
using Lava.Service.Metering.Records;
using Lava.Service.Telemetry;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Telemetry;

/// <summary>What the gateway tells of calls. Beside no other test that listens, for one of them measures what happens when nobody does.</summary>
[Collection("telemetry")]
public sealed class GatewayTelemetryTests(LavaFixture lava) : IClassFixture<LavaFixture>
{
    private const string Chat = "/v1/forward?u=https://api.openai.com/v1/chat/completions";
    private const string Prompt = "a-prompt-that-nobody-may-see";

    [Fact]
    public async Task A_call_is_a_span_and_measurements_under_the_conventions_names()
    {
        using var heard = Listen();
        using var response = await CallAsync(lava.First.TestKey, Chat, new { model = "gpt-4o-mini", messages = Messages }, "input_tokens=30;output_tokens=7;cached_tokens=10");
        response.EnsureSuccessStatusCode();

        var span = await heard.SpanOfAsync(response);
        span.DisplayName.ShouldBe("chat gpt-4o-mini");
        span.Kind.ShouldBe(ActivityKind.Client);
        span.Status.ShouldBe(ActivityStatusCode.Unset);
        span.Duration.ShouldBeGreaterThan(TimeSpan.Zero);
        span.GetTagItem("gen_ai.operation.name").ShouldBe("chat");
        span.GetTagItem("gen_ai.provider.name").ShouldBe("openai");
        span.GetTagItem("gen_ai.request.model").ShouldBe("gpt-4o-mini");
        span.GetTagItem("gen_ai.response.model").ShouldBe("gpt-4o-mini");
        span.GetTagItem("gen_ai.usage.input_tokens").ShouldBe(30L);
        span.GetTagItem("gen_ai.usage.output_tokens").ShouldBe(7L);
        span.GetTagItem("gen_ai.usage.cache_read.input_tokens").ShouldBe(10L);
        span.GetTagItem("server.address").ShouldBe("api.openai.com");
        span.GetTagItem("server.port").ShouldBe(443);
        span.GetTagItem("http.response.status_code").ShouldBe(200);
        span.GetTagItem("error.type").ShouldBeNull();
        span.GetTagItem("gen_ai.response.time_to_first_chunk").ShouldBeNull();

        var duration = await heard.FirstAsync("gen_ai.client.operation.duration");
        duration.Value.ShouldBeGreaterThan(0);
        (duration["gen_ai.operation.name"], duration["gen_ai.provider.name"], duration["gen_ai.request.model"], duration["error.type"]).ShouldBe(("chat", "openai", "gpt-4o-mini", null));
        heard.Measured.Where(measurement => measurement.Name == "gen_ai.client.token.usage").Select(measurement => (measurement["gen_ai.token.type"], measurement.Value)).ShouldBe([("input", 30.0), ("output", 7.0)]);
        heard.Measured.ShouldNotContain(measurement => measurement.Name == "gen_ai.server.time_to_first_token");

        (await heard.FirstAsync("lava.metered.records"))["lava.record.status"].ShouldBe("completed");
        var age = await heard.FirstAsync("lava.queue.backlog.age");
        age["lava.queue"].ShouldBe("usage-records");
        age.Value.ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task An_answer_from_the_cache_is_told_apart()
    {
        for (var tries = 0; tries < 1_000; tries++)
        {
            using var heard = Listen();
            using var response = await CallAsync(lava.First.TestKey, Chat, new { model = "gpt-4o-mini", messages = Messages, user = "cache" }, null, ("x-lava-cache", "ttl=600"));
            var isHit = response.Headers.GetValues("x-lava-cache").Single() == "hit";
            (await heard.SpanOfAsync(response)).GetTagItem("lava.cache.hit").ShouldBe(isHit ? true : null);
            (await heard.FirstAsync("gen_ai.client.operation.duration"))["lava.cache.hit"].ShouldBe(isHit ? true : null);
            if (isHit) return;
        }

        Assert.Fail("The answer was never kept.");
    }

    [Fact]
    public async Task A_stream_tells_when_it_began()
    {
        using var heard = Listen();
        using var response = await CallAsync(lava.First.TestKey, "/v1/forward?u=https://api.anthropic.com/v1/messages", new { model = "claude-sonnet-4-6", max_tokens = 100, stream = true, messages = Messages });
        response.EnsureSuccessStatusCode();
        var span = await heard.SpanOfAsync(response);
        span.DisplayName.ShouldBe("chat claude-sonnet-4-6");
        span.GetTagItem("gen_ai.request.stream").ShouldBe(true);
        span.GetTagItem("gen_ai.response.time_to_first_chunk").ShouldBeOfType<double>().ShouldBeGreaterThan(0);
        foreach (var name in new[] { "gen_ai.server.time_to_first_token", "gen_ai.client.operation.time_to_first_chunk" })
            (await heard.FirstAsync(name))["gen_ai.provider.name"].ShouldBe("anthropic");
    }

    [Fact]
    public async Task A_providers_error_is_a_failed_span()
    {
        using var heard = Listen();
        using var response = await CallAsync(lava.First.TestKey, Chat, new { model = "gpt-4o-mini", messages = Messages }, "status=429");
        ((int)response.StatusCode).ShouldBe(429);
        var span = await heard.SpanOfAsync(response);
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.GetTagItem("error.type").ShouldBe("provider_error");
        span.GetTagItem("http.response.status_code").ShouldBe(429);
        span.GetTagItem("gen_ai.usage.input_tokens").ShouldBeNull();
        (await heard.FirstAsync("gen_ai.client.operation.duration"))["error.type"].ShouldBe("provider_error");
        heard.Measured.ShouldNotContain(measurement => measurement.Name == "gen_ai.client.token.usage");
    }

    [Fact]
    public async Task An_empty_wallet_is_counted_as_a_refusal_and_is_no_span()
    {
        using var heard = Listen();
        var poor = await lava.Services.GetRequiredService<MerchantCreation>().CreateAsync("Poor", 0, 0, CancellationToken.None);
        using var response = await CallAsync(poor.TestKey, Chat, new { model = "gpt-4o-mini", messages = Messages });
        ((int)response.StatusCode).ShouldBe(402);
        var refusal = await heard.FirstAsync("lava.budget.refusals");
        (refusal.Value, refusal["error.type"]).ShouldBe((1.0, "insufficient_balance"));
        heard.Spans.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_prompt_no_key_and_no_address_is_told()
    {
        using var heard = Listen();
        var key = lava.First.TestKey;
        var customer = await lava.PostAsync(key, "/v1/customers", new { email = "somebody@example.com", name = "Somebody" });
        var meter = await lava.PostAsync(key, "/v1/meters", new { name = "Chat", rate_type = "fixed", tier_type = "tokens_1m", tiers = new[] { new { start = "0", rate = "5" } } });
        var token = Convert.ToBase64String(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { secret_key = key, customer_id = customer.GetProperty("customer_id").GetString(), meter_slug = meter.GetProperty("meter_slug").GetString() }));
        foreach (var (carrier, target) in new[] { (key, Chat), (token, Chat), (key, "/v1/forward?u=https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent") })
        {
            using var response = await CallAsync(carrier, $"{target}&key=a-key-in-the-address", target == Chat
                ? new { model = "gpt-4o-mini", messages = Messages }
                : (object)new { contents = new[] { new { role = "user", parts = new[] { new { text = Prompt } } } } });
            response.EnsureSuccessStatusCode();
        }

        heard.Spans.Count.ShouldBe(3);
        await heard.FirstAsync("lava.metered.records");
        foreach (var secret in new[] { Prompt, key, token, "a-key-in-the-address", "somebody", "Somebody", "/v1/", "?" }) heard.Text.ShouldNotContain(secret, Case.Sensitive);
    }

    [Fact]
    public async Task A_client_that_traces_is_the_parent_of_its_call()
    {
        using var heard = Listen();
        using var traced = await CallAsync(lava.First.TestKey, Chat, new { model = "gpt-4o-mini", messages = Messages }, null, ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        var span = await heard.SpanOfAsync(traced);
        span.TraceId.ToHexString().ShouldBe("0af7651916cd43dd8448eb211c80319c");
        span.ParentSpanId.ToHexString().ShouldBe("b7ad6b7169203331");

        // Otherwise it is the first of its own trace: the server's activity, which nobody records, is no parent.
        using var untraced = await CallAsync(lava.First.TestKey, Chat, new { model = "gpt-4o-mini", messages = Messages });
        (await heard.SpanOfAsync(untraced)).ParentSpanId.ShouldBe(default);
    }

    [Fact]
    public void Nothing_is_allocated_while_nobody_listens()
    {
        using var instruments = new Instruments();
        var telemetry = new GatewayTelemetry(instruments, TimeProvider.System);
        var metering = new MeteringTelemetry(instruments, TimeProvider.System);
        lava.Services.GetRequiredService<ProviderCatalogue>().TryResolve("POST", "api.openai.com", "/v1/chat/completions", out var match).ShouldBeTrue();
        var call = new ForwardCall
        {
            Incoming = new IncomingCall
            {
                Ulid = "01JD0000000000000000000000",
                CreatedAt = DateTimeOffset.UnixEpoch,
                Started = Stopwatch.GetTimestamp(),
                Method = "POST",
                Caller = new GatewayCaller(new Tenant(lava.First.Merchant.Id, Mode.Test), null, null),
                Metadata = new Dictionary<string, string>(),
                Body = default,
                ContentType = "application/json",
            },
            Url = new Uri("https://api.openai.com/v1/chat/completions"),
            Provider = match.Provider,
            Endpoint = match.Endpoint,
            Facts = new RequestFacts(),
            Body = default,
            ProviderKey = null,
            KeySource = KeySource.Managed,
            IsSandboxed = true,
        };
        UsageRecord[] records = [call.Draft() with { IsError = true, ErrorCode = "not_settled" }];
        Told();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Told();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Told()
        {
            telemetry.CallEnded(call, records[0], "gpt-4o-mini", Stopwatch.GetTimestamp());
            metering.Metered("usage-records", records);
            telemetry.NotSettled("error");
        }
    }

    private static object[] Messages => [new { role = "user", content = Prompt }];

    private Heard Listen() => new(lava.Services.GetRequiredService<Instruments>());

    private async Task<HttpResponseMessage> CallAsync(string key, string path, object body, string? sandbox = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        if (sandbox is not null) request.Headers.Add("x-sandbox", sandbox);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await lava.Http.SendAsync(request);
    }
}
