using System.Text.Json;
using Lava.Service.Admin;
using Lava.Service.Tests.Gateway;

namespace Lava.Service.Tests.Reporting;

/// <summary>What <c>GET /v1/requests</c> finds by status, model, provider, cost, latency and time. List prices a million tokens: gpt-4o-mini 0.15 and 0.60, gpt-4o 2.50 and 10.</summary>
public sealed class RequestListTests(OddProviderWorld world) : IClassFixture<OddProviderWorld>
{
    private const string Mistral = "/v1/forward?u=https://api.mistral.ai/v1/chat/completions";

    [Theory]
    [InlineData("status=completed", "cheap dear other")]
    [InlineData("status=error", "failed")]
    [InlineData("error_code=provider_error", "failed")]
    [InlineData("error_code=provider_timeout", "")]
    [InlineData("status=completed&error_code=provider_error", "")]
    [InlineData("model=gpt-4o-mini", "cheap failed")]
    [InlineData("model=gpt-4o-mini&status=error", "failed")]
    [InlineData("model=gpt-4o-mini&metadata_filters=[[\"name\",\"cheap\"]]", "cheap")]
    [InlineData("model=GPT-4O-MINI", "")]
    [InlineData("provider=mistral", "other")]
    [InlineData("min_cost=0.005", "dear")]
    [InlineData("max_cost=0.005&status=completed&provider=openai", "cheap")]
    [InlineData("min_latency_ms=0.0001&provider=openai&status=completed", "cheap dear")]
    [InlineData("max_latency_ms=0", "")]
    [InlineData("min_latency_ms=9000000", "")]
    public async Task Requests_are_found_by(string query, string names)
    {
        var merchant = await MerchantAsync();
        (await NamesAsync(merchant, query)).ShouldBe(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);
    }

    [Fact]
    public async Task Requests_are_found_by_time()
    {
        var merchant = await world.NewMerchantAsync();
        var times = new List<string>();
        foreach (var name in new[] { "first", "second", "third" })
        {
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            times.Add(world.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture));
            await CallAsync(merchant, name, OddProviderWorld.Chat, "gpt-4o-mini");
            world.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        (await NamesAsync(merchant, "start=" + times[1])).ShouldBe(["third", "second"]);
        (await NamesAsync(merchant, "end=" + times[1])).ShouldBe(["second", "first"]);
        (await NamesAsync(merchant, $"start={times[1]}&end={times[1]}")).ShouldBe(["second"]);
        (await NamesAsync(merchant, $"start={times[1]}&model=gpt-4o-mini")).ShouldBe(["third", "second"]);
        var (status, page) = await ListAsync(merchant, $"end={times[1]}&limit=1");
        (status, page.GetProperty("has_more").GetBoolean()).ShouldBe((200, true));
        (await NamesAsync(merchant, $"end={times[1]}&cursor={page.GetProperty("next_cursor").GetString()}")).ShouldBe(["first"]);
    }

    [Theory]
    [InlineData("status=pending", "status")]
    [InlineData("model=", "model")]
    [InlineData("min_cost=-1", "min_cost")]
    [InlineData("max_cost=1e3", "max_cost")]
    [InlineData("min_latency_ms=fast", "min_latency_ms")]
    [InlineData("start=yesterday", "start")]
    [InlineData("start=2026-02-01&end=2026-01-01", "end")]
    [InlineData("latency=5", "latency")]
    public async Task What_is_no_condition_is_refused_by_name(string query, string name)
    {
        var merchant = await world.NewMerchantAsync();
        var (status, text, _, _) = await world.CallAsync(merchant.TestKey, "/v1/requests?" + query, null, [], "GET");

        status.ShouldBe(400);
        JsonElement.Parse(text).GetProperty("error").GetProperty("issues")[0].GetProperty("path")[0].GetString().ShouldBe(name, text);
    }

    [Fact]
    public async Task A_page_reads_two_thousand_requests_and_the_next_goes_on()
    {
        var merchant = await world.NewMerchantAsync();
        await CallAsync(merchant, "oldest", OddProviderWorld.Chat, "gpt-4o");
        await world.CallAsync(merchant.TestKey, "/v1/meters", """{"name":"M","meter_slug":"m","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":"0"}]}""");
        await world.CallAsync(merchant.TestKey, "/v1/customers", """{"reference_id":"user-1"}""");
        for (var batch = 0; batch < 3; batch++)
        {
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            var reports = Enumerable.Range(0, 700).Select(i => $$"""{"request_id":"r-{{batch}}-{{i}}","customer_id":"user-1","meter_slug":"m","input_tokens":1}""");
            (await world.CallAsync(merchant.TestKey, "/v1/requests/batch", $$"""{"requests":[{{string.Join(',', reports)}}]}""")).Status.ShouldBe(200);
        }

        var (_, page) = await ListAsync(merchant, "min_cost=0.001");
        (page.GetProperty("data").GetArrayLength(), page.GetProperty("has_more").GetBoolean()).ShouldBe((0, true));
        (await NamesAsync(merchant, "min_cost=0.001&cursor=" + page.GetProperty("next_cursor").GetString())).ShouldBe(["oldest"]);
        (await NamesAsync(merchant, "model=gpt-4o")).ShouldBe(["oldest"]);
    }

    /// <summary>A merchant with four requests: gpt-4o-mini for 0.00045, gpt-4o for 0.0075, one at Mistral, and one of gpt-4o-mini that fails.</summary>
    private async Task<NewMerchant> MerchantAsync()
    {
        var merchant = await world.NewMerchantAsync();
        await CallAsync(merchant, "cheap", OddProviderWorld.Chat, "gpt-4o-mini");
        await CallAsync(merchant, "dear", OddProviderWorld.Chat, "gpt-4o");
        await CallAsync(merchant, "other", Mistral, "mistral-small-latest");
        await CallAsync(merchant, "failed", OddProviderWorld.Chat, "gpt-4o-mini", 500);
        return merchant;
    }

    private async Task CallAsync(NewMerchant merchant, string name, string path, string model, int status = 200)
    {
        world.AnswerWith(
            status == 200 ? """{"id":"c","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500}}""" : """{"error":{"message":"no"}}""", status: status);
        var body = $$"""{"model":"{{model}}","max_tokens":500,"messages":[{"role":"user","content":"{{new string('x', 2_000)}}"}]}""";
        var (answered, text, id, _) = await world.CallAsync(merchant.TestKey, path, body, ("x-lava-metadata-name", name));
        answered.ShouldBe(status, text);
        await world.MeteredAsync(merchant.TestKey, id);
    }

    private async Task<(int Status, JsonElement Page)> ListAsync(NewMerchant merchant, string query)
    {
        var (status, text, _, _) = await world.CallAsync(merchant.TestKey, "/v1/requests?settled=true&" + query, null, [], "GET");
        status.ShouldBe(200, text);
        return (status, JsonElement.Parse(text));
    }

    private async Task<IEnumerable<string?>> NamesAsync(NewMerchant merchant, string query) =>
        (await ListAsync(merchant, query)).Page.GetProperty("data").EnumerateArray().Select(request => request.GetProperty("metadata").GetProperty("name").GetString());
}
