using System.Globalization;
using Lava.Service.Credentials;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Accounts.SpendKeys;

/// <summary>What a spend key opens, what it is refused and how, and what is kept of its calls.</summary>
public sealed class SpendKeyGatewayTests(SpendServer server) : IClassFixture<SpendServer>
{
    private const string Messages = """{"model":"claude-haiku-4-5","max_tokens":10,"messages":[{"role":"user","content":"hi"}]}""";
    private const string Anthropic = "/v1/forward?u=https://api.anthropic.com/v1/messages";
    private const string Gemini = "/v1/forward?u=https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent";

    private SpendWorld World => server.World;

    [Theory]
    [InlineData("Authorization")]
    [InlineData("x-api-key")]
    [InlineData("x-goog-api-key")]
    [InlineData("xi-api-key")]
    [InlineData("key")]
    public async Task A_spend_key_opens_the_gateway_wherever_a_client_puts_it(string carrier)
    {
        var (_, raw) = await World.NewKeyAsync("\"allowed_providers\":[\"openai\"]");
        var query = carrier == "key" ? "?key=" + raw : "";
        (string, string)[] headers = carrier == "key" ? [] : [(carrier, carrier == "Authorization" ? "Bearer " + raw : raw)];
        (await World.SendAsync("", "POST", SpendWorld.Chat + query.Replace('?', '&'), SpendWorld.Call, 0, headers)).Status.ShouldBe(200);
        (await World.SendAsync("", "POST", "/v1/chat/completions" + query, SpendWorld.Call, 0, headers)).Status.ShouldBe(carrier == "key" ? 401 : 200);
        var models = await World.SendAsync("", "GET", "/v1/models" + query, null, 0, headers);
        models.Body.GetProperty("data").EnumerateArray().ShouldAllBe(model => model.GetProperty("owned_by").GetString() == "openai");
    }

    [Fact]
    public async Task The_wallet_pays_the_key_counts_and_the_request_names_it()
    {
        var (id, raw) = await World.NewKeyAsync();
        var before = decimal.Parse((await World.SendAsync(World.Merchant.TestKey, "GET", "/v1/wallet"))["balance"]!, CultureInfo.InvariantCulture);
        var answer = await World.CallAsync(raw);
        answer.Header("x-lava-request-id")!.ShouldStartWith("req_test_");
        var shown = await World.MeteredAsync(id, 1);
        (shown["current_requests"], shown["total_requests"]).ShouldBe(("1", "1"));
        (shown["current_spend"], shown["total_spend"]).ShouldBe(("0.00075", "0.00075"));
        shown["last_used_at"].ShouldBe(World.Clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));

        var list = await World.ListedAsync(id, 1);
        (list["data.0.spend_key_id"], list["data.0.request_id"], list["data.0.cost"]).ShouldBe((id, answer.Header("x-lava-request-id"), "0.0007500000"));
        decimal.Parse((await World.SendAsync(World.Merchant.TestKey, "GET", "/v1/wallet"))["balance"]!, CultureInfo.InvariantCulture).ShouldBeLessThanOrEqualTo(before);
        await World.AuditAsync();
    }

    [Fact]
    public async Task The_requests_of_a_key_are_listed_page_by_page_and_nobody_elses()
    {
        var (id, raw) = await World.NewKeyAsync();
        var (other, otherRaw) = await World.NewKeyAsync();
        for (var i = 0; i < 5; i++) await World.CallAsync(raw);
        await World.CallAsync(otherRaw);
        await World.MeteredAsync(id, 5);
        await World.ListedAsync(other, 1);
        var first = await World.SendAsync(World.Merchant.TestKey, "GET", $"/v1/requests?spend_key_id={id}&limit=3");
        var rest = await World.SendAsync(World.Merchant.TestKey, "GET", $"/v1/requests?spend_key_id={id}&limit=3&cursor={first["next_cursor"]}");
        (first.Body.GetProperty("data").GetArrayLength(), rest.Body.GetProperty("data").GetArrayLength(), rest["has_more"]).ShouldBe((3, 2, "false"));
        first.Body.GetProperty("data").EnumerateArray().Concat(rest.Body.GetProperty("data").EnumerateArray()).ShouldAllBe(request => request.GetProperty("spend_key_id").GetString() == id);

        var stranger = await World.NewMerchantAsync();
        foreach (var key in new[] { stranger.TestKey, World.Merchant.LiveKey, stranger.LiveKey })
            (await World.SendAsync(key, "GET", $"/v1/requests?spend_key_id={id}")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await World.SendAsync(World.Merchant.TestKey, "GET", "/v1/requests?spend_key_id=nonsense%7C")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Paused_rotated_revoked_expired_and_unknown_keys_are_refused_at_once()
    {
        var (id, raw) = await World.NewKeyAsync($"\"expires_at\":\"{World.Clock.GetUtcNow().AddSeconds(30):O}\"");
        (await World.CallAsync(raw)).Status.ShouldBe(200);
        await World.EditAsync(id, """{"status":"paused"}""");
        var paused = await World.CallAsync(raw);
        (paused.Status, paused.Code).ShouldBe((403, "spend_key_paused"));
        await World.EditAsync(id, """{"status":"active"}""");
        (await World.CallAsync(raw)).Status.ShouldBe(200);

        World.Clock.Advance(TimeSpan.FromSeconds(30));
        await RefusedAsync(raw);
        await World.EditAsync(id, """{"expires_at":null}""");
        (await World.CallAsync(raw)).Status.ShouldBe(200);

        var rotated = (await World.SendAsync(World.Merchant.TestKey, "POST", $"{SpendKeyHttp.Path}/{id}/rotate"))["key"]!;
        await RefusedAsync(raw);
        (await World.CallAsync(rotated)).Status.ShouldBe(200);
        await World.SendAsync(World.Merchant.TestKey, "DELETE", $"{SpendKeyHttp.Path}/{id}");
        await RefusedAsync(rotated);
        await RefusedAsync("lava_sk_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq");

        async Task RefusedAsync(string key)
        {
            foreach (var path in new[] { SpendWorld.Chat, "/v1/chat/completions", "/v1/rewrite/openai/api.openai.com/v1/chat/completions" })
            {
                var refused = await World.SendAsync(key, "POST", path, SpendWorld.Call);
                (refused.Status, refused.Code).ShouldBe((401, "spend_key_invalid"), path);
            }
        }
    }

    [Fact]
    public async Task Another_server_hears_of_a_pause_and_of_a_new_limit_within_the_seconds_for_which_it_keeps_answers()
    {
        await using var two = await SpendWorld.StartAsync(2);
        var (id, raw) = await two.NewKeyAsync();
        for (var i = 0; i < 2; i++) (await two.CallAsync(raw, i)).Status.ShouldBe(200);
        await two.MeteredAsync(id, 2);
        await two.EditAsync(id, """{"request_limit":{"count":3,"cycle":"total"}}""");
        two.Clock.Advance(Authenticator.KeepTime);
        (await two.CallAsync(raw, 1)).Status.ShouldBe(200);
        for (var i = 0; i < 2; i++) (await two.CallAsync(raw, i)).Code.ShouldBe("request_limit_exceeded");
        await two.EditAsync(id, """{"request_limit":null,"status":"paused"}""");
        (await two.CallAsync(raw)).Code.ShouldBe("spend_key_paused");
        two.Clock.Advance(Authenticator.KeepTime);
        (await two.CallAsync(raw, 1)).Code.ShouldBe("spend_key_paused");
    }

    [Fact]
    public async Task A_key_is_locked_to_its_shape_by_the_address_or_the_format_of_what_it_calls()
    {
        var (_, openAi) = await World.NewKeyAsync();
        var (_, anthropic) = await World.NewKeyAsync("\"request_shape\":\"anthropic\"");
        var (_, google) = await World.NewKeyAsync("\"request_shape\":\"google\"");
        const string gemini = """{"contents":[{"parts":[{"text":"hi"}]}]}""";
        foreach (var (key, path, body, received) in new[]
        {
            (openAi, SpendWorld.Chat, SpendWorld.Call, ""), (openAi, "/v1/chat/completions", SpendWorld.Call, ""), (openAi, "/v1/rewrite/openai/api.anthropic.com/v1/messages", Messages, ""),
            (openAi, "/v1/responses", """{"model":"gpt-4o-mini","input":"hi","max_output_tokens":16}""", ""), (openAi, "/v1/chat/completions", Messages, ""),
            (openAi, Anthropic, Messages, "anthropic"), (openAi, "/v1/messages", Messages, "anthropic"), (openAi, "/v1/messages/count_tokens", Messages, "anthropic"), (openAi, Gemini, gemini, "google"),
            (openAi, "/v1/rewrite/anthropic/api.openai.com/v1/chat/completions", Messages, "anthropic"),
            (anthropic, Anthropic, Messages, ""), (anthropic, "/v1/messages", SpendWorld.Call, ""), (anthropic, "/v1/rewrite/anthropic/api.openai.com/v1/chat/completions", SpendWorld.Call, ""),
            (anthropic, SpendWorld.Chat, SpendWorld.Call, "openai"), (anthropic, "/v1/chat/completions", SpendWorld.Call, "openai"), (anthropic, "/v1/embeddings", """{"model":"text-embedding-3-small","input":"hi"}""", "openai"),
            (google, Gemini, gemini, ""), (google, "/v1beta/models/gpt-4o-mini:generateContent", gemini, ""),
            (google, "/v1beta/models/gpt-4o-mini:countTokens", gemini, ""), (google, "/v1/rewrite/google/api.openai.com/v1/chat/completions/v1beta/models/gpt-4o-mini:generateContent", gemini, ""),
            (google, SpendWorld.Chat, SpendWorld.Call, "openai"), (google, "/v1/messages", Messages, "anthropic"),
        })
        {
            var answer = await World.SendAsync(key, "POST", path, body);
            if (received.Length == 0)
            {
                answer.Status.ShouldBe(200, $"{path} {answer.Body}");
                continue;
            }

            (answer.Status, answer.Code).ShouldBe((403, "request_shape_not_allowed"), path);
            var own = key == openAi ? "openai" : key == google ? "google" : "anthropic";
            answer["error.message"].ShouldBe($"This key only allows {own} request shape, but received {received}");
        }

        // At Google's own addresses errors have Google's form.
        var refused = await World.SendAsync(openAi, "POST", "/v1beta/models/gpt-4o-mini:generateContent", gemini);
        (refused.Status, refused["error.status"]).ShouldBe((403, "PERMISSION_DENIED"));
        refused["error.message"].ShouldBe("This key only allows openai request shape, but received google");

        // A list of models is no conversation.
        (await World.SendAsync(anthropic, "GET", "/v1/forward?u=https://api.openai.com/v1/models")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("\"allowed_models\":[\"gpt-4o-mini\"]", "gpt-4o-mini", "gpt-4.1-mini", "model_not_allowed")]
    [InlineData("\"allowed_models\":[\"openai/gpt-4o-mini\"]", "gpt-4o-mini", "gpt-4.1-mini", "model_not_allowed")]
    [InlineData("\"allowed_models\":[\"gpt-4o-mini\"]", "gpt-4o-mini-2024-07-18", "gpt-4.1-mini", "model_not_allowed")]
    [InlineData("\"allowed_models\":[\"gpt-4o-mini-2024-07-18\"]", "gpt-4o-mini-2024-07-18", "gpt-4o-mini", "model_not_allowed")]
    [InlineData("\"allowed_providers\":[\"openai\"]", "gpt-4o-mini", null, null)]
    [InlineData("\"allowed_providers\":[\"anthropic\"]", null, "gpt-4o-mini", "provider_not_allowed")]
    [InlineData("\"allowed_models\":[\"anthropic/gpt-4o-mini\"]", null, "gpt-4o-mini", "model_not_allowed")]
    [InlineData("\"allowed_models\":[\"gpt-4o-mini\"],\"allowed_providers\":[\"groq\"]", null, "gpt-4o-mini", "provider_not_allowed")]
    public async Task A_key_uses_the_models_and_providers_of_its_lists_and_no_others(string members, string? allowed, string? refused, string? code)
    {
        var (_, raw) = await World.NewKeyAsync(members);
        foreach (var path in new[] { SpendWorld.Chat, "/v1/chat/completions", "/v1/rewrite/openai/api.openai.com/v1/chat/completions" })
        {
            if (allowed is not null) (await AskAsync(path, allowed)).Status.ShouldBe(200, path);
            if (refused is null) continue;
            var answer = await AskAsync(path, refused);
            (answer.Status, answer.Code).ShouldBe((403, code), path);
        }

        Task<Answer> AskAsync(string path, string model) => World.SendAsync(raw, "POST", path, SpendWorld.Call.Replace("gpt-4o-mini", model, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_is_limited_to_models_makes_no_call_that_names_none_but_free_reads()
    {
        var (_, raw) = await World.NewKeyAsync("\"allowed_models\":[\"gpt-4o-mini\"]");
        (await World.SendAsync(raw, "GET", "/v1/forward?u=https://api.openai.com/v1/models")).Status.ShouldBe(200);
        (await World.SendAsync(raw, "POST", "/v1/embeddings", """{"model":"text-embedding-3-small","input":"hi"}""")).Code.ShouldBe("model_not_allowed");
    }

    [Fact]
    public async Task Fallbacks_that_the_key_may_not_use_are_skipped_and_a_call_with_several_attempts_counts_once()
    {
        var (id, raw) = await World.NewKeyAsync("\"allowed_providers\":[\"openai\",\"google\"],\"request_limit\":{\"count\":1,\"cycle\":\"total\"},\"spend_limit\":{\"amount\":\"1\",\"cycle\":\"total\"},\"rate_limit\":{\"rpm\":1}");
        const string chain = """[{"url":"api.anthropic.com/v1/messages","model":"claude-haiku-4-5"},{"url":"generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent","model":"gemini-2.5-flash"}]""";
        var body = SpendWorld.Call.Replace("\"hi\"", "\"hi [sandbox: only=gpt-4o-mini; status=500]\"", StringComparison.Ordinal);
        var answer = await World.SendAsync(raw, "POST", "/v1/chat/completions", body, 0, ("x-lava-fallbacks", chain));
        (answer.Status, answer.Header("x-lava-provider")).ShouldBe((200, "google"));
        var shown = await World.MeteredAsync(id, 1);
        (shown["current_requests"], shown["current_spend"]).ShouldBe(("1", (await World.ListedAsync(id, 1))["data.0.cost"]!.TrimEnd('0')));
        await World.AuditAsync();
    }

    [Fact]
    public async Task A_call_that_the_provider_refused_counts_and_costs_nothing_and_one_that_was_not_sent_does_not_count()
    {
        var (id, raw) = await World.NewKeyAsync("\"request_limit\":{\"count\":2,\"cycle\":\"total\"},\"spend_limit\":{\"amount\":\"0.001\",\"cycle\":\"total\"}");
        (await World.CallAsync(raw, sandbox: "status=500")).Status.ShouldBe(500);
        (await World.MeteredAsync(id, 1))["current_spend"].ShouldBe("0.00");
        (await World.SendAsync(raw, "POST", SpendWorld.Chat, SpendWorld.Call.Replace("1000", "10000", StringComparison.Ordinal))).Code.ShouldBe("spend_limit_exceeded");
        (await World.SendAsync(raw, "POST", SpendWorld.Chat, "{}")).Status.ShouldBe(400);
        (await World.CallAsync(raw)).Status.ShouldBe(200);
        (await World.CallAsync(raw)).Code.ShouldBe("request_limit_exceeded");
        await World.AuditAsync();
    }

    [Fact]
    public async Task An_empty_wallet_refuses_and_the_keys_count_is_not_used()
    {
        var poor = await World.NewMerchantAsync(funds: 0);
        var made = await World.SendAsync(poor.TestKey, "POST", SpendKeyHttp.Path, """{"name":"Agent","request_limit":{"count":1,"cycle":"daily"},"rate_limit":{"rpm":1,"burst":1}}""");
        for (var i = 0; i < 3; i++) (await World.CallAsync(made["key"]!)).Code.ShouldBe("insufficient_balance");
    }

    [Fact]
    public async Task Refusals_are_such_as_both_client_families_read()
    {
        var (_, raw) = await World.NewKeyAsync("\"status\":\"paused\"");
        foreach (var path in new[] { SpendWorld.Chat, "/v1/messages", "/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/v1/rewrite/openai/api.openai.com/v1/chat/completions" })
        {
            var refused = await World.SendAsync(raw, "POST", path, SpendWorld.Call);
            (refused["type"], refused["error.type"], refused["error.code"], refused["error.status"], refused["error.param"]).ShouldBe(("error", "permission_error", "spend_key_paused", "403", null), path);
            refused["error.message"].ShouldNotBeNullOrEmpty();
        }
    }

    [Fact]
    public async Task A_spend_key_manages_nothing()
    {
        var (_, raw) = await World.NewKeyAsync();
        foreach (var path in new[] { "/v1/wallet", SpendKeyHttp.Path, "/v1/requests", "/v1/secret_keys" }) (await World.SendAsync(raw, "GET", path)).Status.ShouldBe(401, path);
    }
}
