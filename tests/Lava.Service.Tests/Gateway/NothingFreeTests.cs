using System.Globalization;
using System.Text.Json;
using Lava.Service.Metering.Disputes;

namespace Lava.Service.Tests.Gateway;

/// <summary>Answers of success whose usage is hidden, missing, or beyond what can be. Prices: gpt-4o 2.50 and 10.00, gemini-2.5-pro 1.25 and 10.00, gemini-embedding-001 0.15 a million tokens.</summary>
public sealed class NothingFreeTests(OddProviderWorld world) : IClassFixture<OddProviderWorld>
{
    private const string Call = """{"model":"gpt-4o","max_tokens":1000,"messages":[{"role":"user","content":"hi"}]}""";

    private const string Whole = """{"id":"x","model":"gpt-4o","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":1000,"total_tokens":2000}}""";

    private const string Unreported = """{"id":"x","model":"gpt-4o","choices":[{"message":{"content":"a"}}]}""";

    [Theory]
    [InlineData(OddProviderWorld.Chat, """{"model":"gpt-4o","stream":"true","messages":[]}""", "stream")]
    [InlineData(OddProviderWorld.Chat, """{"model":"gpt-4o","stream":1,"messages":[]}""", "stream")]
    [InlineData(OddProviderWorld.Chat, """{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":"false"},"messages":[]}""", "include_usage")]
    [InlineData(OddProviderWorld.Chat, """{"model":"gpt-4o","stream":true,"stream_options":"x","messages":[]}""", "stream_options")]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o","stream":"true","messages":[]}""", "stream")]
    [InlineData(OddProviderWorld.Chat, """{"model":"gpt-4o-mini","Model":"gpt-4o","messages":[]}""", "model")]
    [InlineData(OddProviderWorld.Chat, """{"model":"gpt-4o-mini","mod\u0065l":"gpt-4o","messages":[]}""", "model")]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o-mini","model":"gpt-4o","messages":[]}""", "model")]
    [InlineData(OddProviderWorld.Gemini + "?fields=candidates", """{"contents":[]}""", "fields")]
    [InlineData(OddProviderWorld.Gemini + "?%24fields=candidates", """{"contents":[]}""", "$fields")]
    [InlineData(OddProviderWorld.Gemini + "?alt=proto", """{"contents":[]}""", "alt")]
    [InlineData(OddProviderWorld.Gemini + "?callback=x", """{"contents":[]}""", "callback")]
    public async Task What_would_hide_usage_is_refused_before_it_is_sent(string path, string body, string member)
    {
        var merchant = await world.NewMerchantAsync();
        var asked = world.Asked;
        var (status, text, _, _) = await world.CallAsync(merchant.TestKey, path, body);
        status.ShouldBe(400, text);
        var error = JsonElement.Parse(text).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("validation_error");
        text.ShouldContain(member);
        world.Asked.ShouldBe(asked);
    }

    [Theory]
    [InlineData(OddProviderWorld.Chat, """{"model":"gpt-4o","service_tier":"flex","messages":[]}""")]
    [InlineData("/v1/forward?u=https://api.openai.com/v1/responses", """{"model":"gpt-5","input":"hi","background":true}""")]
    [InlineData("/v1/forward?u=https://api.anthropic.com/v1/messages", """{"model":"claude-sonnet-4-6","max_tokens":9,"speed":"fast","messages":[]}""")]
    [InlineData("/v1/forward?u=https://api.anthropic.com/v1/messages", """{"model":"claude-sonnet-4-6","max_tokens":9,"messages":[],"tools":[{"type":"code_execution_20250825","name":"code_execution"}]}""")]
    [InlineData("/v1/forward?u=https://openrouter.ai/api/v1/chat/completions", """{"model":"openai/gpt-4o-mini","models":["anthropic/claude-opus-4.1"],"messages":[]}""")]
    [InlineData("/v1/forward?u=https://api.openai.com/v1/images/generations", """{"model":"dall-e-3","prompt":"x","quality":"hd","size":"1792x1024"}""")]
    public async Task What_has_no_price_is_refused_on_the_operators_key_and_sent_with_ones_own(string path, string body)
    {
        var merchant = await world.NewMerchantAsync();
        var asked = world.Asked;
        var (status, text, _, _) = await world.CallAsync(merchant.TestKey, path, body);
        status.ShouldBe(400, text);
        text.ShouldContain("forward_parameter_unpriced");
        world.Asked.ShouldBe(asked);

        var own = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($$"""{"secret_key":"{{merchant.TestKey}}","provider_key":"sk-own"}"""));
        world.AnswerWith("{}");
        (status, text, _, _) = await world.CallAsync(own, path, body);
        status.ShouldBe(200, text);
        world.Asked.ShouldBe(asked + 1);
    }

    /// <summary>GPT-4o by fast mode costs 1.7 times as much (openai.com/api-priority-processing: 4.25 and 17.00).</summary>
    [Fact]
    public async Task A_request_shows_on_which_terms_it_was_served_and_what_its_cost_is_made_of()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""
            {"id":"x","model":"gpt-4o","choices":[],"service_tier":"priority","usage":{"prompt_tokens":1000,"completion_tokens":1000,
             "prompt_tokens_details":{"cached_tokens":400},"completion_tokens_details":{"reasoning_tokens":300}}}
            """);
        var request = await world.RequestOfAsync(merchant.TestKey, OddProviderWorld.Chat, Call);
        var details = request.GetProperty("usage_details");
        details.GetRawText().ShouldBe("""{"cache_read_tokens":400,"reasoning_tokens":300,"service_tier":"priority"}""");
        request.GetProperty("cost_lines").EnumerateArray().Select(line => line.GetRawText()).ShouldBe(
        [
            """{"item":"input","quantity":"600","unit_price":"4.25","per":1000000,"amount":"0.0025500000"}""",
            """{"item":"cache_read","quantity":"400","unit_price":"2.125","per":1000000,"amount":"0.0008500000"}""",
            """{"item":"output","quantity":"1000","unit_price":"17.00","per":1000000,"amount":"0.0170000000"}""",
        ]);
        OddProviderWorld.CostOf(request).ShouldBe(0.0204m);
        request.TryGetProperty("usage_flag", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_tier_without_a_price_costs_the_dearest_and_is_flagged()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"id":"x","model":"gpt-4o","choices":[],"service_tier":"warp","usage":{"prompt_tokens":1000,"completion_tokens":1000}}""");
        var request = await world.RequestOfAsync(merchant.TestKey, OddProviderWorld.Chat, Call);
        OddProviderWorld.CostOf(request).ShouldBe(0.02125m);
        request.GetProperty("usage_flag").GetString().ShouldBe("unpriced");
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData(null)]
    public async Task An_answer_of_another_type_is_charged_as_it_reports(string? type)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(Whole, type);
        OddProviderWorld.CostOf(await world.RequestOfAsync(merchant.TestKey, OddProviderWorld.Chat, Call)).ShouldBe(0.0125m);
    }

    [Theory]
    [InlineData("""{"id":"x","choices":[],"error":"","usage":{"prompt_tokens":1000,"completion_tokens":1000}}""", null)]
    [InlineData("""{"id":"x","choices":[],"error":{},"usage":{"prompt_tokens":1000,"completion_tokens":1000}}""", null)]
    [InlineData("""{"id":"x","choices":[],"usage":{"prompt_tokens":"1000","completion_tokens":"1000"}}""", null)]
    public async Task What_is_reported_in_another_way_is_charged(string answer, string? flag)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(answer);
        var request = await world.RequestOfAsync(merchant.TestKey, OddProviderWorld.Chat, Call);
        (OddProviderWorld.CostOf(request), OddProviderWorld.FlagOf(request)).ShouldBe((0.0125m, flag));
    }

    [Fact]
    public async Task A_reported_zero_is_charged_nothing()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"id":"x","choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0}}""");
        var request = await world.RequestOfAsync(merchant.TestKey, OddProviderWorld.Chat, Call);
        (OddProviderWorld.CostOf(request), OddProviderWorld.FlagOf(request)).ShouldBe((0, null));
    }

    [Fact]
    public async Task Success_without_usage_is_charged_as_estimated_and_flagged()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(Unreported);
        var request = await world.RequestOfAsync(merchant.TestKey, OddProviderWorld.Chat, Call);

        // 79 bytes of the request are 20 tokens, 65 bytes of the answer 17.
        OddProviderWorld.FlagOf(request).ShouldBe("unreported");
        OddProviderWorld.CostOf(request).ShouldBe(((((Call.Length + 3) / 4) * 2.5m) + (((Unreported.Length + 3) / 4) * 10m)) / 1_000_000);
        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(100 - OddProviderWorld.CostOf(request));
    }

    [Theory]
    [InlineData("/v1/forward?u=https://generativelanguage.googleapis.com/v1beta/models/gemini-embedding-001:embedContent", """{"embedding":{"values":[1,2]}}""", "application/json", "estimated")]
    [InlineData("/v1/forward?u=https://api.openai.com/v1/audio/speech", "the sound of a voice", "audio/mpeg", "estimated")]
    [InlineData(OddProviderWorld.Chat, "a page", "text/html", "unreported")]
    public async Task What_never_reports_usage_is_charged_as_estimated(string path, string answer, string type, string flag)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(answer, type);
        var body = """{"model":"MODEL","voice":"alloy","input":"TEXT","content":{"parts":[{"text":"TEXT"}]},"messages":[]}"""
            .Replace("MODEL", path.Contains("speech", StringComparison.Ordinal) ? "gpt-4o-mini-tts" : "gpt-4o", StringComparison.Ordinal)
            .Replace("TEXT", new string('x', 4_000), StringComparison.Ordinal);
        var request = await world.RequestOfAsync(merchant.TestKey, path, body);
        OddProviderWorld.FlagOf(request).ShouldBe(flag);
        OddProviderWorld.CostOf(request).ShouldBeGreaterThan(0.0001m);
    }

    [Fact]
    public async Task Usage_that_cannot_be_is_charged_as_far_as_it_can_be_and_the_operator_decides_on_the_rest()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"id":"x","choices":[],"usage":{"prompt_tokens":1e300,"completion_tokens":20}}""");
        var request = await world.RequestOfAsync(merchant.TestKey, OddProviderWorld.Chat, Call);
        var id = request.GetProperty("request_id").GetString()!;

        // At most a token for each byte and 1,000 of wrapping.
        var charged = (((Call.Length + 1_000) * 2.5m) + (20 * 10m)) / 1_000_000;
        (OddProviderWorld.CostOf(request), OddProviderWorld.FlagOf(request)).ShouldBe((charged, "impossible"));
        var held = decimal.Parse(request.GetProperty("held_cost").GetString()!, CultureInfo.InvariantCulture);
        held.ShouldBe((1_000_000_000_000m * 2.5m / 1_000_000) + (20 * 10m / 1_000_000) - charged);
        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(100 - charged);

        var dispute = await OpenedAsync(id);
        (dispute.GetProperty("merchant_id").GetString(), dispute.GetProperty("reported_input_tokens").GetInt64()).ShouldBe((merchant.Merchant.Id, 1_000_000_000_000));

        (await AdminAsync("POST", "/v1/admin/disputes/" + id, """{"decision":"dismiss"}""")).GetProperty("decision").GetString().ShouldBe("dismissed");
        (await AdminAsync("POST", "/v1/admin/disputes/" + id, """{"decision":"charge"}""")).GetProperty("decision").GetString().ShouldBe("dismissed");
        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(100 - charged);
        (await AdminAsync("GET", "/v1/admin/disputes")).GetProperty("data").EnumerateArray().ShouldNotContain(shown => shown.GetProperty("request_id").GetString() == id);
        (await AdminAsync("GET", "/v1/admin/disputes?status=decided")).GetProperty("data").EnumerateArray().ShouldContain(shown => shown.GetProperty("request_id").GetString() == id);
        await world.AuditAsync();
    }

    [Fact]
    public async Task A_dispute_that_the_operator_charges_is_taken_from_the_wallet_once()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"id":"x","choices":[],"usage":{"prompt_tokens":50,"completion_tokens":2000}}""");
        var request = await world.RequestOfAsync(merchant.TestKey, OddProviderWorld.Chat, Call);
        OddProviderWorld.CostOf(request).ShouldBe(((50 * 2.5m) + (1_000 * 10m)) / 1_000_000);
        var path = "/v1/admin/disputes/" + request.GetProperty("request_id").GetString();
        await OpenedAsync(request.GetProperty("request_id").GetString()!);
        var before = await world.BalanceAsync(merchant.TestKey);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AdminAsync("POST", path, """{"decision":"charge"}""")));
        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(before - 0.01m);
        await world.AuditAsync();
    }

    [Theory]
    [InlineData("""{"decision":"maybe"}""", 400)]
    [InlineData("{}", 400)]
    [InlineData("""{"decision":"charge"}""", 404)]
    public async Task A_decision_needs_a_dispute_and_a_word(string body, int status) =>
        (await world.CallAsync(OddProviderWorld.AdminSecret, "/v1/admin/disputes/req_test_01M8END2J3RWTZRVKFJ3Q7NHSX", body)).Status.ShouldBe(status);

    /// <summary>No member of chats: a limit of 0.20 once let 6.41 through.</summary>
    [Fact]
    public async Task A_limit_of_another_format_does_not_bound_a_call()
    {
        var merchant = await world.NewMerchantAsync(funds: 0.1m);
        world.AnswerWith(Whole);

        // At most 16,384 tokens of gpt-4o's answers cost 0.16384.
        var (status, text, _, _) = await world.CallAsync(merchant.TestKey, OddProviderWorld.Chat, """{"model":"gpt-4o","max_output_tokens":1,"messages":[]}""");
        status.ShouldBe(402, text);
        (status, text, _, _) = await world.CallAsync(merchant.TestKey, OddProviderWorld.Chat, """{"model":"gpt-4o","max_completion_tokens":1000,"messages":[]}""");
        status.ShouldBe(200, text);
    }

    /// <summary>Waits until a request is disputed, which is written after its cost, and returns the dispute as the operator sees it.</summary>
    private async Task<JsonElement> OpenedAsync(string id)
    {
        // Not through the API, which lets an operator ask thirty times a minute.
        for (var tries = 0; (await world.Get<DisputeStore>().ListAsync(true, 100, null, CancellationToken.None)).All(dispute => dispute.RequestId != id); tries++)
        {
            (tries > 1_000).ShouldBeFalse($"The request {id} is not disputed.");
            await Task.Delay(20);
        }

        return (await AdminAsync("GET", "/v1/admin/disputes?limit=100")).GetProperty("data").EnumerateArray().Single(shown => shown.GetProperty("request_id").GetString() == id);
    }

    private async Task<JsonElement> AdminAsync(string method, string path, string? body = null)
    {
        var (status, text, _, _) = await world.CallAsync(OddProviderWorld.AdminSecret, path, body is null ? null : new StringContent(body), [], method);
        status.ShouldBe(200, text);
        return JsonElement.Parse(text);
    }
}
