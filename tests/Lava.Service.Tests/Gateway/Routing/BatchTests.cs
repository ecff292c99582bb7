using System.Text;
using System.Text.Json;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Admin;
using Lava.Service.Gateway.Batches;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Tests.Gateway.Routing;

/// <summary>Files and batches by <c>/v1/forward</c>. List prices a million tokens: gpt-4o-mini 0.15 and 0.60, claude-opus-4-8 5 and 25, text-embedding-3-small 0.02; a batch costs half.</summary>
public sealed class BatchTests(OddProviderWorld world) : IClassFixture<OddProviderWorld>
{
    private const string OpenAi = "/v1/forward?u=https://api.openai.com/v1/";

    private const string Anthropic = "/v1/forward?u=https://api.anthropic.com/v1/";

    /// <summary>A chat of 1,000 and 500 tokens (0.000225), a response of 2,000, half of them cached, and 100 (0.0001425), an embedding of 3,000 (0.00003), a request that failed, one that has expired.</summary>
    private const string Output = """
        {"id":"batch_req_1","custom_id":"a","response":{"status_code":200,"request_id":"r1","body":{"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500},"service_tier":"default"}},"error":null}
        {"id":"batch_req_2","custom_id":"b","response":{"status_code":200,"request_id":"r2","body":{"id":"resp_2","object":"response","model":"gpt-4o-mini","output":[],"usage":{"input_tokens":2000,"input_tokens_details":{"cached_tokens":1000},"output_tokens":100,"total_tokens":2100}}},"error":null}
        {"error":null,"response":{"body":{"usage":{"prompt_tokens":3000,"total_tokens":3000},"model":"text-embedding-3-small","object":"list","data":[]},"status_code":200},"custom_id":"c","id":"batch_req_3"}
        {"id":"batch_req_4","custom_id":"d","response":{"status_code":400,"request_id":"r4","body":{"error":{"message":"no"},"usage":{"prompt_tokens":9,"completion_tokens":9}}},"error":null}
        {"id":"batch_req_5","custom_id":"e","response":null,"error":{"code":"batch_expired","message":"late"}}

        """;

    /// <summary>Claude: 10,000 of which 4,000 are read from the cache and 1,000 written to it for an hour, and 2,000 tokens: ((5,000 × 5) + (4,000 × 0.5) + (1,000 × 10) + (2,000 × 25)) / 2 = 0.0435.</summary>
    private const string Results = """
        {"custom_id":"one","result":{"type":"succeeded","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-4-8","content":[{"type":"text","text":"Hi"}],"usage":{"input_tokens":5000,"cache_read_input_tokens":4000,"cache_creation_input_tokens":1000,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":1000},"output_tokens":2000,"service_tier":"batch"}}}}
        {"custom_id":"two","result":{"type":"errored","error":{"type":"error","error":{"type":"invalid_request_error","message":"no"}}}}
        {"custom_id":"three","result":{"type":"canceled"}}
        """;

    [Theory]
    [InlineData("GET", "https://api.openai.com/v1/files?purpose=batch&limit=5", "/v1/files?purpose=batch&limit=5")]
    [InlineData("GET", "https://api.openai.com/v1/files/file-1", "/v1/files/file-1")]
    [InlineData("DELETE", "https://api.openai.com/v1/files/file-1", "/v1/files/file-1")]
    [InlineData("POST", "https://api.openai.com/v1/uploads/upload_1/parts", "/v1/uploads/upload_1/parts")]
    [InlineData("POST", "https://api.openai.com/v1/batches", "/v1/batches")]
    [InlineData("POST", "https://api.openai.com/v1/batches/batch_1/cancel", "/v1/batches/batch_1/cancel")]
    [InlineData("GET", "https://api.anthropic.com/v1/files?beta=true", "/v1/files?beta=true")]
    [InlineData("POST", "https://api.anthropic.com/v1/messages/batches", "/v1/messages/batches")]
    [InlineData("DELETE", "https://api.anthropic.com/v1/messages/batches/msgbatch_1", "/v1/messages/batches/msgbatch_1")]
    public async Task Calls_pass_with_a_key_of_ones_own_and_cost_nothing(string method, string url, string target)
    {
        var merchant = await world.NewMerchantAsync(funds: 0);
        var key = Own(merchant);
        world.AnswerWith("""{"id":"x","object":"file"}""");
        var body = method == "POST" ? new StringContent("""{"requests":[],"requests":1}""", Encoding.UTF8, "application/json") : null;
        var (status, text, id, _) = await world.CallAsync(key, "/v1/forward?u=" + url, body, [("anthropic-beta", "files-api-2025-04-14")], method);

        (status, text).ShouldBe((200, """{"id":"x","object":"file"}"""));
        world.Seen.Target.ShouldBe(target);
        (world.Seen.Headers.GetValueOrDefault("authorization") ?? world.Seen.Headers.GetValueOrDefault("x-api-key")).ShouldBeOneOf("Bearer sk-own", "sk-own");
        if (url.Contains("anthropic", StringComparison.Ordinal)) world.Seen.Headers["anthropic-beta"].ShouldBe("files-api-2025-04-14");
        var request = await world.MeteredAsync(merchant.TestKey, id);
        (request.GetProperty("status").GetString(), OddProviderWorld.CostOf(request)).ShouldBe(("completed", 0));
    }

    [Fact]
    public async Task A_file_is_uploaded_as_it_is()
    {
        var merchant = await world.NewMerchantAsync(funds: 0);
        world.AnswerWith("""{"id":"file-1","object":"file","purpose":"batch"}""");
        using var form = new MultipartFormDataContent("line-of-the-client");
        form.Add(new StringContent("batch"), "purpose");
        form.Add(new ByteArrayContent([0, 255, 10, 13, 200]), "file", "input.jsonl");
        var sent = await form.ReadAsStringAsync();
        (await world.CallAsync(Own(merchant), OpenAi + "files", form, [])).Status.ShouldBe(200);

        world.Seen.Body.ShouldBe(sent);
        world.Seen.Headers["content-type"].ShouldBe("""multipart/form-data; boundary="line-of-the-client" """.TrimEnd());
    }

    [Theory]
    [InlineData("files")]
    [InlineData("batches/batch_1")]
    [InlineData("files/file-1/content")]
    public async Task The_operators_key_reaches_no_files(string path)
    {
        var merchant = await world.NewMerchantAsync();
        var asked = world.Asked;
        var (status, text, _, _) = await world.CallAsync(merchant.TestKey, OpenAi + path, null, [], "GET");

        (status, JsonElement.Parse(text).GetProperty("error").GetProperty("code").GetString()).ShouldBe((403, "provider_key_required"));
        text.ShouldContain("PUT /v1/provider_keys/openai");
        world.Asked.ShouldBe(asked);
    }

    [Fact]
    public async Task A_spend_key_reaches_no_files()
    {
        var merchant = await world.NewMerchantAsync();
        await world.CallAsync(merchant.TestKey, "/v1/provider_keys/openai", new StringContent("""{"keys":["sk-own"]}""", Encoding.UTF8, "application/json"), [], "PUT");
        var created = JsonElement.Parse((await world.CallAsync(merchant.TestKey, "/v1/spend_keys", """{"name":"A tool","request_shape":"openai"}""")).Text);
        var asked = world.Asked;
        var (status, text, _, _) = await world.CallAsync(created.GetProperty("key").GetString()!, OpenAi + "files", null, [], "GET");

        (status, text.Contains("secret_key_required", StringComparison.Ordinal)).ShouldBe((403, true), text);
        world.Asked.ShouldBe(asked);
    }

    [Fact]
    public async Task Results_of_OpenAI_are_charged_once_at_the_batch_price()
    {
        var (merchant, token) = await CustomerAsync("tokens_1m", "100", 10);
        world.AnswerWith(Output, "application/x-jsonl");
        var (status, text, id, _) = await world.CallAsync(token, OpenAi + "files/file-out-1/content", null, [], "GET");

        (status, text).ShouldBe((200, Output));
        var fetch = await world.MeteredAsync(merchant.TestKey, id);
        (OddProviderWorld.CostOf(fetch), fetch.GetProperty("charge").GetProperty("amount").GetString()).ShouldBe((0, "0.0000000000"));
        var requests = await RequestsAsync(merchant, 4);
        requests.Where(request => OddProviderWorld.CostOf(request) > 0)
            .Select(request => (request.GetProperty("model").GetString(), OddProviderWorld.CostOf(request), request.GetProperty("usage_details").GetProperty("service_tier").GetString()))
            .Order().ShouldBe([("gpt-4o-mini", 0.0001425m, "batch"), ("gpt-4o-mini-2024-07-18", 0.000225m, "batch"), ("text-embedding-3-small", 0.00003m, "batch")]);

        // 1,500, 2,100 and 3,000 tokens at 100 a million.
        (await CreditsAsync(merchant)).ShouldBe(10 - 0.66m);

        // As often as one likes.
        for (var i = 0; i < 2; i++) (await world.CallAsync(token, OpenAi + "files/file-out-1/content", null, [], "GET")).Text.ShouldBe(Output);
        (await world.CallAsync(Own(merchant), OpenAi + "files/file%2Dout-1/content", null, [], "GET")).Text.ShouldBe(Output);
        await RequestsAsync(merchant, 7);
        (await CreditsAsync(merchant)).ShouldBe(10 - 0.66m);
        await world.AuditAsync();
    }

    [Fact]
    public async Task Results_of_Anthropic_are_charged_once_at_the_batch_price()
    {
        var merchant = await world.NewMerchantAsync(funds: 0);
        world.AnswerWith(Results, "application/x-jsonl");
        var (status, text, _, _) = await world.CallAsync(Own(merchant), Anthropic + "messages/batches/msgbatch_1/results", null, [], "GET");

        (status, text).ShouldBe((200, Results));
        var request = (await RequestsAsync(merchant, 2)).Single(request => OddProviderWorld.CostOf(request) > 0);
        (request.GetProperty("model").GetString(), OddProviderWorld.CostOf(request), OddProviderWorld.FlagOf(request)).ShouldBe(("claude-opus-4-8", 0.0435m, null));
        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(0);
        await world.AuditAsync();
    }

    [Fact]
    public async Task Results_that_the_credits_do_not_cover_are_not_handed_out()
    {
        var (merchant, token) = await CustomerAsync("tokens_1m", "100", 0.65m);
        world.AnswerWith(Output, "application/x-jsonl");
        var (status, text, _, _) = await world.CallAsync(token, OpenAi + "files/file-dear/content", null, [], "GET");

        (status, text.Contains("insufficient_credits", StringComparison.Ordinal), text.Contains("chatcmpl", StringComparison.Ordinal)).ShouldBe((402, true, false));
        (await CreditsAsync(merchant)).ShouldBe(0.65m);

        // The meter becomes cheaper: 6,600 tokens at 98 a million.
        var meter = JsonElement.Parse((await world.CallAsync(merchant.TestKey, "/v1/meters", null, [], "GET")).Text).GetProperty("data")[0].GetProperty("meter_id").GetString();
        var cheaper = new StringContent("""{"tiers":[{"start":"0","rate":"98"}]}""", Encoding.UTF8, "application/json");
        (await world.CallAsync(merchant.TestKey, "/v1/meters/" + meter, cheaper, [], "PATCH")).Status.ShouldBe(200);
        world.Clock.Advance(TimeSpan.FromSeconds(10));
        (await world.CallAsync(token, OpenAi + "files/file-dear/content", null, [], "GET")).Text.ShouldBe(Output);
        await RequestsAsync(merchant, 4);
        (await CreditsAsync(merchant)).ShouldBe(0.65m - 0.6468m);
        await world.AuditAsync();
    }

    [Fact]
    public async Task Another_payer_may_pay_for_results_that_one_could_not()
    {
        var (merchant, token) = await CustomerAsync("tokens_1m", "100", 0.1m);
        world.AnswerWith(Output, "application/x-jsonl");
        (await world.CallAsync(token, OpenAi + "files/file-two/content", null, [], "GET")).Status.ShouldBe(402);

        (await world.CallAsync(Own(merchant), OpenAi + "files/file-two/content", null, [], "GET")).Text.ShouldBe(Output);
        await RequestsAsync(merchant, 4);
        (await CreditsAsync(merchant)).ShouldBe(0.1m);
        await world.AuditAsync();
    }

    [Fact]
    public async Task Another_payer_does_not_pay_for_results_that_one_has_begun_to_pay_for()
    {
        var (merchant, token) = await CustomerAsync("tokens_1m", "100", 10);
        var tenant = new Tenant(merchant.Merchant.Id, Mode.Test);
        var key = BatchClaims.KeyOf("openai", "/v1/files/file-begun/content");
        await world.Get<BatchClaims>().ClaimAsync(tenant, key, new BatchClaim(world.Clock.GetUtcNow(), null, null, IsDone: false), default);
        world.AnswerWith(Output, "application/x-jsonl");
        var (status, text, _, _) = await world.CallAsync(token, OpenAi + "files/file-begun/content", null, [], "GET");

        (status, text.Contains("batch_payer_conflict", StringComparison.Ordinal)).ShouldBe((409, true), text);
        (await CreditsAsync(merchant)).ShouldBe(10);
        (await world.CallAsync(Own(merchant), OpenAi + "files/file-begun/content", null, [], "GET")).Text.ShouldBe(Output);
        await world.AuditAsync();
    }

    [Fact]
    public async Task A_fetch_that_died_halfway_is_ended_by_the_next()
    {
        var (merchant, token) = await CustomerAsync("requests", "1", 3);
        world.AnswerWith(Output, "application/x-jsonl");
        (await world.CallAsync(token, OpenAi + "files/file-half/content", null, [], "GET")).Status.ShouldBe(200);
        await RequestsAsync(merchant, 4);
        (await CreditsAsync(merchant)).ShouldBe(0);

        // As if the server had died before it closed the claim.
        var tenant = new Tenant(merchant.Merchant.Id, Mode.Test);
        var claims = world.Get<BatchClaims>();
        var key = BatchClaims.KeyOf("openai", "/v1/files/file-half/content");
        var claim = (await claims.FindAsync(tenant, key, default)).ShouldNotBeNull();
        await world.Get<ITableStore>().CommitAsync("Resources", tenant.Partition, [TableWrite.Delete("batch-results|" + key, "*")], default);
        await claims.ClaimAsync(tenant, key, claim with { IsDone = false }, default);

        (await world.CallAsync(token, OpenAi + "files/file-half/content", null, [], "GET")).Text.ShouldBe(Output);
        (await claims.FindAsync(tenant, key, default))!.IsDone.ShouldBeTrue();
        (await CreditsAsync(merchant)).ShouldBe(0);
        await world.AuditAsync();
    }

    [Theory]
    [InlineData(404, """{"error":{"message":"No such File object: file-none","type":"invalid_request_error","param":"id","code":null}}""")]
    [InlineData(429, """{"error":{"message":"Slow down"}}""")]
    public async Task A_providers_refusal_passes_as_it_is(int status, string error)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(error, status: status);
        var (answered, text, id, _) = await world.CallAsync(Own(merchant), OpenAi + "files/file-none/content", null, [], "GET");

        (answered, text).ShouldBe((status, error));
        var request = await world.MeteredAsync(merchant.TestKey, id);
        request.GetProperty("error_code").GetString().ShouldBe("provider_error");

        // Nothing is claimed.
        world.AnswerWith("""{"no":"results"}""");
        (await world.CallAsync(Own(merchant), OpenAi + "files/file-none/content", null, [], "GET")).Text.ShouldBe("""{"no":"results"}""");
    }

    [Fact]
    public async Task Results_that_break_off_charge_nothing()
    {
        var merchant = await world.NewMerchantAsync();
        world.Answer = async http =>
        {
            http.Response.ContentLength = 100_000;
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Output));
            await http.Response.Body.FlushAsync();
            http.Abort();
        };
        (await world.CallAsync(Own(merchant), OpenAi + "files/file-cut/content", null, [], "GET")).Status.ShouldBe(502);
        world.AnswerWith(Output, "application/x-jsonl");
        (await world.CallAsync(Own(merchant), OpenAi + "files/file-cut/content", null, [], "GET")).Text.ShouldBe(Output);
        (await RequestsAsync(merchant, 5)).Count(request => OddProviderWorld.CostOf(request) > 0).ShouldBe(3);
    }

    [Fact]
    public async Task A_model_that_is_not_known_is_flagged()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(Output.Replace("gpt-4o-mini-2024-07-18", "ft:gpt-4o-mini:acme::1", StringComparison.Ordinal), "application/x-jsonl");
        await world.CallAsync(Own(merchant), OpenAi + "files/file-tuned/content", null, [], "GET");

        var request = (await RequestsAsync(merchant, 4)).Single(request => request.TryGetProperty("model", out var model) && model.GetString() == "ft:gpt-4o-mini:acme::1");
        (OddProviderWorld.CostOf(request), OddProviderWorld.FlagOf(request)).ShouldBe((0, "unpriced"));
    }

    [Fact]
    public async Task Links_to_results_lead_through_Lava()
    {
        var merchant = await world.NewMerchantAsync();
        var results = world.Address + "v1/forward/api.anthropic.com/v1/messages/batches/msgbatch_2/results";
        world.AnswerWith("""{"id":"msgbatch_2","results_url":"https://api.anthropic.com/v1/messages/batches/msgbatch_2/results"}""");
        var (_, text, _, response) = await world.CallAsync(Own(merchant), Anthropic + "messages/batches/msgbatch_2", null, [], "GET");
        JsonElement.Parse(text).GetProperty("results_url").GetString().ShouldBe(results);
        response.Content.Headers.ContentLength.ShouldBeOneOf(null, text.Length);

        world.AnswerWith("""{"data":[{"id":"msgbatch_2","results_url":"https://api.anthropic.com/v1/messages/batches/msgbatch_2/results"},{"id":"msgbatch_3","results_url":null}],"has_more":false}""");
        text = (await world.CallAsync(Own(merchant), Anthropic + "messages/batches", null, [], "GET")).Text;
        JsonElement.Parse(text).GetProperty("data")[0].GetProperty("results_url").GetString().ShouldBe(results);

        world.AnswerWith(Results, "application/x-jsonl");
        (await world.CallAsync(Own(merchant), new Uri(results).PathAndQuery, null, [], "GET")).Text.ShouldBe(Results);
    }

    private static string Own(NewMerchant merchant) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{merchant.TestKey}}","provider_key":"sk-own"}"""));

    /// <summary>A merchant with a customer who has credits and pays what the meter says; the credential of calls in the customer's name with the merchant's own provider key.</summary>
    private async Task<(NewMerchant Merchant, string Token)> CustomerAsync(string unit, string rate, decimal credits)
    {
        var merchant = await world.Get<MerchantCreation>().CreateAsync("A merchant", 0, credits, CancellationToken.None);
        var meter = JsonElement.Parse((await world.CallAsync(merchant.TestKey, "/v1/meters", $$"""{"name":"Batch","rate_type":"fixed","tier_type":"{{unit}}","tiers":[{"start":"0","rate":"{{rate}}"}]}""")).Text);
        (await world.CallAsync(merchant.TestKey, "/v1/customers", """{"reference_id":"user-1"}""")).Status.ShouldBe(201);
        return (merchant, Convert.ToBase64String(Encoding.UTF8.GetBytes(
            $$"""{"secret_key":"{{merchant.TestKey}}","provider_key":"sk-own","customer_id":"user-1","meter_slug":"{{meter.GetProperty("meter_slug").GetString()}}"}""")));
    }

    /// <summary>The merchant's requests, once there are so many.</summary>
    private async Task<List<JsonElement>> RequestsAsync(NewMerchant merchant, int count)
    {
        for (var tries = 0; ; tries++)
        {
            var all = JsonElement.Parse((await world.CallAsync(merchant.TestKey, "/v1/requests?limit=100", null, [], "GET")).Text).GetProperty("data").EnumerateArray().ToList();
            all.Count.ShouldBeLessThanOrEqualTo(count);
            if (all.Count == count) return all;
            tries.ShouldBeLessThan(1_000);
            await Task.Delay(20);
        }
    }

    private async Task<decimal> CreditsAsync(NewMerchant merchant)
    {
        var customer = JsonElement.Parse((await world.CallAsync(merchant.TestKey, "/v1/customers/user-1", null, [], "GET")).Text).GetProperty("customer_id").GetString()!;
        return (await world.Get<BookStore>().ReadAsync(BookKey.Customer(new Tenant(merchant.Merchant.Id, Mode.Test), customer), CancellationToken.None))!.Balance(Account.Credits);
    }
}
