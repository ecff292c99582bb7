using System.Text.Json;
using Lava.Service.Admin;
using Lava.Service.Tests.Gateway;

namespace Lava.Service.Tests.Reporting;

/// <summary><c>GET /v1/usage</c> by group. List prices a million tokens: gpt-4o-mini 0.15 and 0.60, gpt-4o 2.50 and 10.</summary>
public sealed class UsageByGroupTests(OddProviderWorld world) : IClassFixture<OddProviderWorld>
{
    [Fact]
    public async Task Calls_through_the_gateway_are_shown_by_model_with_errors_and_latency()
    {
        var merchant = await world.NewMerchantAsync();
        await CallAsync(merchant, "gpt-4o-mini", 200);
        await CallAsync(merchant, "gpt-4o", 200);
        await CallAsync(merchant, "gpt-4o", 200);
        await CallAsync(merchant, "gpt-4o-mini", 500);
        var usage = await UsageAsync(merchant, "group_by=model");

        // 1,000 tokens in and 500 out: 0.00015 and 0.0003; 0.0025 and 0.005.
        usage.GetProperty("groups").EnumerateArray().Select(Line).ShouldBe(["model gpt-4o 2 3000 0.0150000000 0/0", "model gpt-4o-mini 1 1500 0.0004500000 1/0.5"]);
        usage.GetProperty("items").EnumerateArray().Select(Line).ShouldBe(usage.GetProperty("groups").EnumerateArray().Select(Line));
        usage.GetProperty("items")[0].GetProperty("date").GetString().ShouldBe(world.Clock.GetUtcNow().ToString("yyyy-MM-dd", null));
        usage.GetProperty("totals").GetProperty("total_cost").GetString().ShouldBe("0.0154500000");
        usage.GetProperty("totals").GetProperty("performance").GetProperty("error_rate").GetDouble().ShouldBe(0.25);
        usage.GetProperty("groups")[0].GetProperty("performance").GetProperty("latency_ms").GetProperty("p50").GetDouble().ShouldBePositive();

        var rest = (await UsageAsync(merchant, "group_by=model&group_limit=1")).GetProperty("groups")[1].GetProperty("group");
        (rest.GetProperty("is_rest").GetBoolean(), rest.GetProperty("value").ValueKind).ShouldBe((true, JsonValueKind.Null));

        var plain = await UsageAsync(merchant, "interval=day");
        (plain.TryGetProperty("groups", out _), plain.GetProperty("totals").TryGetProperty("performance", out _)).ShouldBe((false, false));
        var performance = await UsageAsync(merchant, "include=performance");
        (performance.TryGetProperty("groups", out _), performance.GetProperty("totals").GetProperty("performance").GetProperty("total_errors").GetInt32()).ShouldBe((false, 1));
        performance.GetProperty("items").GetArrayLength().ShouldBe(plain.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("group_by=colour", "group_by")]
    [InlineData("group_by=metadata.", "group_by")]
    [InlineData("group_by=metadata.a-b", "group_by")]
    [InlineData("group_by=metadata.team&customer_id=con_test_1", "group_by")]
    [InlineData("group_by=model&metadata_filters=[[\"a\",\"b\"]]", "metadata_filters")]
    [InlineData("group_by=model&group_limit=101", "group_limit")]
    [InlineData("group_limit=5", "group_limit")]
    [InlineData("include=latency", "include")]
    [InlineData("group_by=model&end=2026-06-01", "end")]
    public async Task What_cannot_be_grouped_is_refused_by_name(string query, string name)
    {
        var merchant = await world.NewMerchantAsync();
        var (status, text, _, _) = await world.CallAsync(merchant.TestKey, "/v1/usage?start=2026-01-01&" + (query.Contains("end=", StringComparison.Ordinal) ? "" : "end=2026-01-02&") + query, null, [], "GET");
        status.ShouldBe(400, text);
        JsonElement.Parse(text).GetProperty("error").GetProperty("issues")[0].GetProperty("path")[0].GetString().ShouldBe(name, text);
    }

    private static string Line(JsonElement item)
    {
        var (group, performance) = (item.GetProperty("group"), item.GetProperty("performance"));
        return $"{group.GetProperty("by")} {group.GetProperty("value")} {item.GetProperty("total_requests")} {item.GetProperty("total_usage_tokens")} {item.GetProperty("total_cost")} "
            + $"{performance.GetProperty("total_errors")}/{performance.GetProperty("error_rate").GetRawText()}";
    }

    private async Task CallAsync(NewMerchant merchant, string model, int status)
    {
        world.AnswerWith(
            status == 200 ? """{"id":"c","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500}}""" : """{"error":{"message":"no"}}""", status: status);
        var body = $$"""{"model":"{{model}}","max_tokens":500,"messages":[{"role":"user","content":"{{new string('x', 2_000)}}"}]}""";
        var (answered, text, id, _) = await world.CallAsync(merchant.TestKey, OddProviderWorld.Chat, body);
        answered.ShouldBe(status, text);
        await world.MeteredAsync(merchant.TestKey, id);
    }

    private async Task<JsonElement> UsageAsync(NewMerchant merchant, string query)
    {
        var start = world.Clock.GetUtcNow().ToString("yyyy-MM-dd", null);
        var (status, text, _, _) = await world.CallAsync(merchant.TestKey, $"/v1/usage?settled=true&start={start}&{query}", null, [], "GET");
        status.ShouldBe(200, text);
        return JsonElement.Parse(text);
    }
}
