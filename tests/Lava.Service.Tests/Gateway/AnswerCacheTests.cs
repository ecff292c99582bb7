using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Lava.Service.Gateway.Caching;
using Lava.Service.Hosting;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Tests.Gateway;

public sealed class AnswerCacheTests : IAsyncLifetime
{
    private const string Streamed = """{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"And streamed?"}]}""";

    private CacheWorld _world = null!;

    public async Task InitializeAsync() => _world = await CacheWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task An_equal_call_gets_the_same_bytes_and_the_provider_is_not_asked()
    {
        var first = await _world.AskAndKeepAsync(_world.Key);
        _world.Clock.Advance(TimeSpan.FromSeconds(5));
        var second = await _world.AskAsync(_world.Key);
        (second.Status, second.Cache, second.Age, second.Text, second.ContentType).ShouldBe((200, "hit", "5", first.Text, first.ContentType));
        second.RequestId.ShouldNotBe(first.RequestId);
        second.Response.Headers.Contains("x-request-id").ShouldBeFalse();
        (first.Age, _world.Asked).ShouldBe((null, 1));

        // Without the header nothing is looked for, kept or told.
        var plain = await _world.AskAsync(_world.Key, ttl: null);
        (plain.Cache, _world.Asked, _world.Tables.Commits).ShouldBe((null, 2, 1));
    }

    [Fact]
    public async Task A_hit_costs_nothing_reserves_nothing_and_is_recorded_as_one()
    {
        // Enough for one call, and not for a second.
        var poor = await _world.NewMerchantAsync(0.001m);
        var first = await _world.AskAndKeepAsync(poor.TestKey);
        var asked = await _world.MeteredAsync(first, poor.TestKey);
        (asked.GetProperty("cost").GetString(), asked.TryGetProperty("cached", out _)).ShouldBe(("0.0007500000", false));
        (await _world.AskAsync(poor.TestKey, ttl: null)).Status.ShouldBe(402);
        var left = await _world.WalletAsync(poor.TestKey);

        var hit = await _world.AskAsync(poor.TestKey);
        (hit.Status, hit.Cache).ShouldBe((200, "hit"));
        var shown = await _world.MeteredAsync(hit, poor.TestKey);
        var usage = shown.GetProperty("model_usage");
        (shown.GetProperty("status").GetString(), shown.GetProperty("cached").GetBoolean(), shown.GetProperty("cost").GetString()).ShouldBe(("completed", true, "0.0000000000"));
        (usage.GetProperty("input_tokens").GetInt64(), usage.GetProperty("output_tokens").GetInt64()).ShouldBe((1000, 1000));
        foreach (var cost in new[] { "input_cost", "output_cost", "total_cost" }) usage.GetProperty(cost).GetString().ShouldBe("0.0000000000");
        shown.GetProperty("ledger_entries").GetArrayLength().ShouldBe(0);
        (await _world.WalletAsync(poor.TestKey)).ShouldBe(left);
        await _world.AuditAsync();
    }

    [Fact]
    public async Task A_stream_is_replayed_byte_for_byte_and_its_usage_is_withheld_from_who_did_not_ask_for_it()
    {
        var first = await _world.AskAndKeepAsync(_world.Key, Streamed);
        first.Text.ShouldNotContain("usage");
        var sent = _world.LastBody;
        var second = await _world.AskAsync(_world.Key, Streamed);
        (second.Cache, second.Text, second.ContentType).ShouldBe(("hit", first.Text, first.ContentType));
        (await _world.MeteredAsync(second)).GetProperty("model_usage").GetProperty("total_tokens").GetInt64().ShouldBe(2000);

        // Who asks for usage sends the provider the same body, and gets the same answer with it.
        var asking = await _world.AskAsync(_world.Key, sent);
        (asking.Cache, _world.Asked).ShouldBe(("hit", 1));
        asking.Text.ShouldContain("\"total_tokens\":2000");
    }

    [Fact]
    public async Task A_translated_answer_is_kept_as_the_provider_gave_it()
    {
        const string Path = "/v1/rewrite/openai/api.anthropic.com/v1/messages";
        const string Body = """{"model":"claude-sonnet-4-6","messages":[{"role":"user","content":"Hi"}]}""";
        var first = await _world.AskAndKeepAsync(_world.Key, Body, Path);
        var second = await _world.AskAsync(_world.Key, Body, Path);
        second.Cache.ShouldBe("hit");
        foreach (var answer in new[] { first, second }) TextOf(answer).ShouldBe(CacheWorld.Said + " 1");

        // Another client's format, and the same request for the provider.
        var third = await _world.AskAsync(_world.Key, """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""", "/v1/rewrite/google/api.anthropic.com/v1/messages/v1beta/models/claude-sonnet-4-6:generateContent");
        (third.Cache, _world.Asked).ShouldBe(("hit", 1), third.Text);
        JsonElement.Parse(third.Bytes).GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe(CacheWorld.Said + " 1");

        static string? TextOf(CacheAnswer answer) => JsonElement.Parse(answer.Bytes).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
    }

    [Fact]
    public async Task Embeddings_and_packed_answers_are_kept_too()
    {
        const string Body = """{"model":"text-embedding-3-small","input":"wombat"}""";
        var vector = await _world.AskAndKeepAsync(_world.Key, Body, "/v1/embeddings");
        (await _world.AskAsync(_world.Key, Body, "/v1/embeddings")).Text.ShouldBe(vector.Text);

        _world.Answer = async http =>
        {
            http.Response.ContentType = "application/json";
            http.Response.Headers.ContentEncoding = "gzip";
            await using var packed = new GZipStream(http.Response.Body, CompressionLevel.Fastest);
            await packed.WriteAsync(Encoding.UTF8.GetBytes(CacheWorld.ChatAnswer(7, "packed")));
        };
        var first = await _world.AskAndKeepAsync(_world.Key);
        var second = await _world.AskAsync(_world.Key);
        (second.Cache, string.Join(',', second.Response.Content.Headers.ContentEncoding)).ShouldBe(("hit", "gzip"));
        second.Bytes.ShouldBe(first.Bytes);
        (await _world.MeteredAsync(second)).GetProperty("model_usage").GetProperty("total_tokens").GetInt64().ShouldBe(2000);
    }

    [Fact]
    public async Task Merchants_modes_and_owners_of_provider_keys_share_nothing()
    {
        await _world.AskAndKeepAsync(_world.Key);
        var other = await _world.NewMerchantAsync();
        await _world.AskAndKeepAsync(other.TestKey);

        // The live wallet is empty: a hit would be served.
        var live = await _world.AskAsync(_world.Merchant.LiveKey);
        (live.Status, live.Cache).ShouldBe((402, "miss"));
        var (one, two) = (CacheWorld.Token(_world.Key, "\"provider_key\":\"sk-one\""), CacheWorld.Token(_world.Key, "\"provider_key\":\"sk-two\""));
        var first = await _world.AskAndKeepAsync(one);
        await _world.AskAndKeepAsync(two);
        (await _world.AskAsync(one)).Text.ShouldBe(first.Text);
        _world.Asked.ShouldBe(4);
    }

    [Fact]
    public async Task Headers_that_change_an_answer_and_every_byte_of_the_body_count_and_nothing_else()
    {
        await _world.AskAndKeepAsync(_world.Key);
        (await _world.AskAsync(_world.Key, headers: [("x-lava-metadata", """{"run":"7"}"""), ("user-agent", "another"), ("accept", "text/plain")])).Cache.ShouldBe("hit");
        (await _world.AskAsync(_world.Key, headers: ("OpenAI-Beta", "assistants=v2"))).Cache.ShouldBe("miss");
        (await _world.AskAsync(_world.Key, CacheWorld.Call + " ")).Cache.ShouldBe("miss");
    }

    [Fact]
    public async Task An_answer_is_as_young_as_the_asker_and_the_keeper_want_it()
    {
        var first = await _world.AskAndKeepAsync(_world.Key, ttl: "ttl=100");
        _world.Clock.Advance(TimeSpan.FromSeconds(60));
        (await _world.AskAsync(_world.Key, ttl: "ttl=60")).Cache.ShouldBe("hit");

        // Too old for this one, whose answer takes the place of the other, for as long as it says.
        var second = await _world.AskAndKeepAsync(_world.Key, ttl: "ttl=59");
        second.Text.ShouldNotBe(first.Text);
        _world.Clock.Advance(TimeSpan.FromSeconds(59));
        (await _world.AskAsync(_world.Key, ttl: "ttl=100")).Text.ShouldBe(second.Text);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        (await _world.AskAsync(_world.Key, ttl: "ttl=2592000")).Cache.ShouldBe("miss");
    }

    [Fact]
    public async Task What_is_over_is_removed_and_what_was_kept_anew_is_not()
    {
        var clean = _world.Get<CleanUp>();
        await clean.RunAsync(default);
        await _world.AskAndKeepAsync(_world.Key, ttl: "ttl=3600");
        _world.Clock.Advance(TimeSpan.FromMinutes(50));
        await _world.AskAndKeepAsync(_world.Key, ttl: "ttl=7200", body: CacheWorld.Call + "\n");
        await _world.AskAndKeepAsync(_world.Key, ttl: "ttl=60");
        _world.Clock.Advance(TimeSpan.FromHours(1.5));
        (await clean.RunAsync(default)).ShouldBe(1);
        (await _world.AskAsync(_world.Key, CacheWorld.Call + "\n", ttl: "ttl=7200")).Cache.ShouldBe("hit");
        _world.Clock.Advance(TimeSpan.FromHours(2));
        (await clean.RunAsync(default)).ShouldBe(1);
    }

    [Theory]
    [InlineData("\"temperature\":0.1", "bypass")]
    [InlineData("\"temperature\":0", "miss")]
    [InlineData("\"n\":2", "bypass")]
    [InlineData("\"n\":1", "miss")]
    public async Task Who_wants_another_answer_each_time_gets_one(string member, string cache)
    {
        var body = CacheWorld.Call.Replace("\"max_tokens\"", member + ",\"max_tokens\"", StringComparison.Ordinal);
        (await _world.AskAsync(_world.Key, body)).Cache.ShouldBe(cache);
        if (cache == "miss") await _world.Tables.CommittedAsync(1);
        (await _world.AskAsync(_world.Key, body)).Cache.ShouldBe(cache == "miss" ? "hit" : "bypass");
    }

    [Fact]
    public async Task A_wish_for_variety_counts_though_the_provider_is_not_told_of_it()
    {
        // Claude takes no temperature where it thinks.
        const string Thinking = """{"model":"claude-sonnet-4-6","temperature":0.5,"reasoning_effort":"low","messages":[{"role":"user","content":"Hi"}]}""";
        (await _world.AskAsync(_world.Key, Thinking, "/v1/rewrite/openai/api.anthropic.com/v1/messages")).Cache.ShouldBe("bypass");
        _world.LastBody.ShouldNotContain("temperature");
    }

    [Fact]
    public async Task What_goes_on_with_a_stored_conversation_and_what_is_no_conversation_passes()
    {
        const string Responses = """{"model":"gpt-4o-mini","input":"go on","previous_response_id":"resp_1"}""";
        (await _world.AskAsync(_world.Key, Responses, "/v1/forward?u=https://api.openai.com/v1/responses")).Cache.ShouldBe("bypass");
        (await _world.AskAsync(_world.Key, """{"model":"dall-e-3","prompt":"a wombat"}""", "/v1/forward?u=https://api.openai.com/v1/images/generations")).Cache.ShouldBe("bypass");
        (await _world.AskAsync(_world.Key, """{"model":"no-such-model","messages":[]}""", "/v1/chat/completions")).Cache.ShouldBe("bypass");
        _world.Tables.Commits.ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ttl")]
    [InlineData("ttl=")]
    [InlineData("ttl=0")]
    [InlineData("ttl=-1")]
    [InlineData("ttl=+1")]
    [InlineData("ttl=1.5")]
    [InlineData("ttl=2592001")]
    [InlineData("ttl=99999999999999999999")]
    [InlineData("TTL=60")]
    [InlineData("ttl=60, ttl=60")]
    [InlineData("ttl=60; x")]
    [InlineData("max-age=60")]
    public async Task A_header_that_cannot_be_read_is_refused_before_anything_happens(string header)
    {
        var answer = await _world.AskAsync(_world.Key, ttl: header);
        (answer.Status, answer.Cache, _world.Asked, _world.Tables.Commits).ShouldBe((400, null, 0, 0));
        var error = JsonElement.Parse(answer.Bytes).GetProperty("error");
        (error.GetProperty("code").GetString(), error.GetProperty("issues")[0].GetProperty("path")[0].GetString()).ShouldBe(("validation_error", "x-lava-cache"));
    }

    [Fact]
    public async Task Errors_cut_answers_and_answers_without_usage_are_never_kept()
    {
        const string Sse = "text/event-stream";
        const string Delta = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n";
        foreach (var (status, type, body, isCut) in new[]
        {
            (500, "application/json", """{"error":{"message":"no"}}""", false),
            (429, "application/json", """{"error":{"message":"slow"}}""", false),
            (200, Sse, Delta, true),
            (200, Sse, Delta, false),
            (200, Sse, Delta + "data: {\"error\":{\"message\":\"no\"}}\n\n", false),
            (200, "application/json", """{"id":"chatcmpl-1","choices":[""", true),
            (200, "application/json", """{"id":"chatcmpl-1","choices":[]}""", false),
            (200, "text/html", "<p>Welcome</p>", false),
        })
        {
            _world.Answer = async http =>
            {
                http.Response.StatusCode = status;
                http.Response.ContentType = type;
                await http.Response.WriteAsync(body);
                await http.Response.Body.FlushAsync();
                if (isCut) http.Abort();
            };
            var asked = _world.Asked;
            for (var i = 0; i < 2; i++) (await _world.AskAsync(_world.Key, Streamed)).Cache.ShouldBe("miss", body);
            _world.Asked.ShouldBe(asked + 2, body);
        }

        _world.Answer = null;
        await _world.AskAndKeepAsync(_world.Key);
        _world.Tables.Commits.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_may_have_several_rows_and_one_that_is_too_long_is_not_kept()
    {
        var text = new string('x', AnswerRecording.MaxBytes - CacheWorld.ChatAnswer(1, "").Length);
        _world.Answer = http => SayAsync(http, text);
        var first = await _world.AskAndKeepAsync(_world.Key);
        first.Bytes.Length.ShouldBe(AnswerRecording.MaxBytes);
        _world.Tables.Writes.Count.ShouldBe(3);
        (await _world.AskAsync(_world.Key)).Text.ShouldBe(first.Text);

        // A shorter one in its place leaves rows behind, which belong to nothing.
        _world.Answer = null;
        _world.Clock.Advance(TimeSpan.FromSeconds(30));
        var shorter = await _world.AskAndKeepAsync(_world.Key, ttl: "ttl=10");
        (await _world.AskAsync(_world.Key)).Text.ShouldBe(shorter.Text);

        _world.Answer = http => SayAsync(http, text + "x");
        (await _world.AskAsync(_world.Key, Streamed)).Cache.ShouldBe("miss");
        (await _world.AskAsync(_world.Key, Streamed)).Cache.ShouldBe("miss");
        _world.Tables.Commits.ShouldBe(2);

        static async Task SayAsync(HttpContext http, string text)
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(CacheWorld.ChatAnswer(1, text));
        }
    }

    [Fact]
    public async Task A_store_that_fails_costs_the_cache_and_nothing_else()
    {
        _world.Tables.FailsWrites = true;
        await _world.AskAndKeepAsync(_world.Key);
        _world.Tables.FailsWrites = false;
        await _world.AskAndKeepAsync(_world.Key);
        _world.Tables.FailsReads = true;
        await _world.AskAndKeepAsync(_world.Key);
        _world.Tables.FailsReads = false;
        (await _world.AskAsync(_world.Key)).Cache.ShouldBe("hit");
        _world.Asked.ShouldBe(3);
    }

    [Fact]
    public async Task Nothing_of_a_call_can_be_read_in_the_store_and_a_row_that_was_changed_is_none()
    {
        await _world.AskAndKeepAsync(_world.Key);
        var (partition, write) = _world.Tables.Writes.Single();
        var row = Json.Read(write.Data, CachingJson.Default.CachedRow);
        foreach (var stored in new[] { partition, write.Key, Encoding.UTF8.GetString(write.Data.Span), Encoding.Latin1.GetString(row.Sealed) })
        {
            foreach (var secret in new[] { "wombat", "chatcmpl", "gpt-4o", "api.openai.com", "application/json", _world.Key }) stored.ShouldNotContain(secret);
        }

        row.Sealed[^1] ^= 1;
        await _world.Tables.CommitAsync(TableNames.Answers, partition, [TableWrite.Put(write.Key, Json.Write(row, CachingJson.Default.CachedRow))], default);
        (await _world.AskAsync(_world.Key)).Cache.ShouldBe("miss");
        await _world.Tables.CommittedAsync(3);
        await _world.Tables.CommitAsync(TableNames.Answers, partition, [TableWrite.Put(write.Key, "{}"u8.ToArray())], default);
        (await _world.AskAsync(_world.Key)).Status.ShouldBe(200);
        _world.Asked.ShouldBe(3);
    }

    [Fact]
    public async Task A_fallback_is_answered_from_the_cache_too()
    {
        _world.Answer = http =>
        {
            http.Response.ContentType = "application/json";
            if (http.Request.Path.Value!.EndsWith("/messages", StringComparison.Ordinal)) return http.Response.WriteAsync("""{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":4}}""");
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        (string, string) chain = ("x-lava-fallbacks", """[{"url":"api.anthropic.com/v1/messages","model":"claude-sonnet-4-6"}]""");
        var first = await _world.AskAsync(_world.Key, path: "/v1/chat/completions", headers: chain);
        (first.Status, first.Cache, _world.Asked).ShouldBe((200, "miss", 2), first.Text);
        await _world.Tables.CommittedAsync(1);
        var second = await _world.AskAsync(_world.Key, path: "/v1/chat/completions", headers: chain);
        (second.Status, second.Cache, second.Age, _world.Asked).ShouldBe((200, "hit", "0", 3));
        var shown = await _world.MeteredAsync(second);
        (shown.GetProperty("cached").GetBoolean(), shown.GetProperty("provider").GetString(), shown.GetProperty("earlier_attempts").GetArrayLength()).ShouldBe((true, "anthropic", 1));
    }
}
