using System.Text.Json;
using Lava.Service.Pricing.Meters;
using Lava.Service.Storage;
using Lava.Service.Tests.Accounts.SpendKeys;

namespace Lava.Service.Tests.Gateway;

/// <summary>What a call costs that the cache answers.</summary>
public sealed class CacheBillingTests : IAsyncLifetime
{
    private CacheWorld _world = null!;

    public async Task InitializeAsync() => _world = await CacheWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData("fixed", "", "0.0100000000")]
    [InlineData("fixed", ",\"charges_cached\":true", "0.0100000000")]
    [InlineData("fixed", ",\"charges_cached\":false", "0.0000000000")]
    [InlineData("percentage", "", "0.0000000000")]
    [InlineData("percentage", ",\"charges_cached\":false", "0.0000000000")]
    public async Task A_hit_is_charged_as_the_meter_says(string type, string member, string charge)
    {
        var merchant = await _world.NewMerchantAsync(credit: 10);
        var token = await TokenAsync(merchant.TestKey, type, member);
        await _world.AskAndKeepAsync(merchant.TestKey);
        var hit = await _world.AskAsync(token);
        hit.Cache.ShouldBe("hit");
        var shown = await _world.MeteredAsync(hit, merchant.TestKey);
        (shown.GetProperty("charge").GetProperty("amount").GetString(), shown.GetProperty("charge").GetProperty("rate_type").GetString()).ShouldBe((charge, type));
        shown.GetProperty("ledger_entries").GetArrayLength().ShouldBe(charge[3] == '1' ? 1 : 0);
        await _world.AuditAsync();
    }

    [Fact]
    public async Task A_customer_without_credits_gets_the_hits_that_cost_nothing_and_no_others()
    {
        var key = _world.Key;
        await _world.AskAndKeepAsync(key);
        (await _world.AskAsync(await TokenAsync(key, "percentage", ""))).Cache.ShouldBe("hit");
        var token = await TokenAsync(key, "fixed", ",\"charges_cached\":false", "mine");
        (await _world.AskAsync(token)).Status.ShouldBe(200);

        // What is charged is reserved before.
        (await _world.ManageAsync(key, HttpMethod.Patch, "/v1/meters/mine", """{"charges_cached":true}""")).GetProperty("charges_cached").GetBoolean().ShouldBeTrue();
        var refused = await _world.AskAsync(token);
        (refused.Status, refused.Cache, JsonElement.Parse(refused.Bytes).GetProperty("error").GetProperty("code").GetString()).ShouldBe((402, "hit", "insufficient_credits"));
    }

    [Fact]
    public async Task A_hit_counts_on_a_spend_key_and_takes_nothing_of_its_money()
    {
        var made = await _world.ManageAsync(_world.Key, HttpMethod.Post, SpendKeyHttp.Path, """{"name":"Agent","request_limit":{"count":3,"cycle":"total"},"spend_limit":{"amount":"0.001","cycle":"total"}}""");
        var (id, raw) = (made.GetProperty("spend_key_id").GetString()!, made.GetProperty("key").GetString()!);
        await _world.MeteredAsync(await _world.AskAndKeepAsync(raw));
        (await _world.AskAsync(raw, ttl: null)).Status.ShouldBe(402);
        for (var i = 0; i < 2; i++) (await _world.AskAsync(raw)).Cache.ShouldBe("hit");
        var last = await _world.AskAsync(raw);
        (last.Status, JsonElement.Parse(last.Bytes).GetProperty("error").GetProperty("code").GetString()).ShouldBe((429, "request_limit_exceeded"));
        var shown = default(JsonElement);
        for (var tries = 0; tries < 1_000; tries++)
        {
            shown = await _world.ManageAsync(_world.Key, HttpMethod.Get, $"{SpendKeyHttp.Path}/{id}");
            if (shown.GetProperty("total_requests").GetInt32() == 3) break;
            await Task.Delay(20);
        }

        (shown.GetProperty("total_requests").GetInt32(), shown.GetProperty("current_spend").GetString()).ShouldBe((3, "0.00075"));
        await _world.AuditAsync();
    }

    [Fact]
    public void A_meter_that_was_stored_without_the_member_charges_for_hits()
    {
        var old = Json.Read("""{"id":"meter_1","slug":"a","name":"A","rate":{"rate_type":"Fixed","tier_type":"Requests","tiers":[{"start":0,"rate":1}]},"created_at":"2026-01-01T00:00:00Z"}"""u8.ToArray(), MetersJson.Default.Meter);
        old.Rate.ExemptsCached.ShouldBeFalse();
        var exempt = old with { Rate = old.Rate with { ExemptsCached = true } };
        Json.Read(Json.Write(exempt, MetersJson.Default.Meter), MetersJson.Default.Meter).Rate.ExemptsCached.ShouldBeTrue();
    }

    private async Task<string> TokenAsync(string key, string rateType, string member, string? slug = null)
    {
        var meter = await _world.ManageAsync(key, HttpMethod.Post, "/v1/meters", $$"""{"name":"M","rate_type":"{{rateType}}","tier_type":"tokens_1m","tiers":[{"start":"0","rate":"5"}]{{member}}{{(slug is null ? "" : $",\"meter_slug\":\"{slug}\"")}}}""");
        var customer = await _world.ManageAsync(key, HttpMethod.Post, "/v1/customers", "{}");
        return CacheWorld.Token(key, $"\"customer_id\":\"{customer.GetProperty("customer_id").GetString()}\",\"meter_slug\":\"{meter.GetProperty("meter_slug").GetString()}\"");
    }
}
