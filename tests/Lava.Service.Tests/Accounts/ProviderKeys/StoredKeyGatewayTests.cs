using System.Globalization;
using System.Text;
using Lava.Core.Keys;
using Lava.Service.Accounts.ProviderKeys;
using Lava.Service.Catalogue;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Keys;
using Lava.Service.Gateway.Upstream;
using Lava.Service.Payments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using static Lava.Service.Tests.Accounts.ProviderKeys.StoredKeyWorld;

namespace Lava.Service.Tests.Accounts.ProviderKeys;

/// <summary>Which key a call takes, who pays, and when a change is effective.</summary>
public sealed class StoredKeyGatewayTests(StoredKeyWorld world) : IClassFixture<StoredKeyWorld>
{
    [Fact]
    public async Task A_calls_own_key_comes_first_then_the_merchants_then_the_operators()
    {
        var key = (await world.NewMerchantAsync()).TestKey;
        var own = Token(key, "\"provider_key\":\"sk-of-this-call-alone\"");

        var (managed, keys) = await world.CallAsync(key);
        keys.ShouldBe([Managed]);
        (await world.RecordedAsync(key, managed))["provider_key_type"].ShouldBe("managed");
        var balance = await world.BalanceAsync(key);
        balance.ShouldBe(100 - Cost);

        await world.SetAsync(key, "openai", First);
        (var stored, keys) = await world.CallAsync(key);
        keys.ShouldBe([First]);
        var record = await world.RecordedAsync(key, stored);
        (record["provider_key_type"], record["cost"], record["status"]).ShouldBe(("stored", "0.0007500000", "completed"));
        record["ledger_entries"].ShouldBe("[]");

        (var unmanaged, keys) = await world.CallAsync(own);
        keys.ShouldBe(["sk-of-this-call-alone"]);
        (await world.RecordedAsync(key, unmanaged))["provider_key_type"].ShouldBe("unmanaged");

        (await world.BalanceAsync(key)).ShouldBe(balance);
        await world.AuditAsync();
    }

    [Fact]
    public async Task An_empty_wallet_stops_no_call_with_a_stored_key()
    {
        var key = (await world.NewMerchantAsync()).LiveKey;
        (await world.CallAsync(key)).Answer.Code.ShouldBe("insufficient_balance");
        await world.SetAsync(key, "openai", First);
        var (answer, keys) = await world.CallAsync(key);
        (answer.Status, keys.Single()).ShouldBe((200, First));
    }

    [Fact]
    public async Task The_meters_charge_and_the_customers_credits_work_as_ever()
    {
        var merchant = await world.NewMerchantAsync();
        var key = merchant.TestKey;
        await world.SetAsync(key, "openai", First);
        var meter = (await world.SendAsync(key, "POST", "/v1/meters", """{"name":"Token","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":"2"}]}"""))["meter_slug"]!;
        await world.SendAsync(key, "POST", "/v1/customers", """{"reference_id":"payer"}""");
        await world.SendAsync(key, "POST", "/v1/customers/payer/adjustments", """{"amount":"3","description":"A gift"}""");
        var token = Token(key, $"\"customer_id\":\"payer\",\"meter_slug\":\"{meter}\"");
        var (answer, keys) = await world.CallAsync(token);
        (answer.Status, keys.Single()).ShouldBe((200, First), answer.Body.ToString());
        var record = await world.RecordedAsync(key, answer);
        (record["provider_key_type"], record["charge.amount"]).ShouldBe(("stored", "2.0000000000"));
        (await world.CallAsync(token)).Answer.Code.ShouldBe("insufficient_credits");
        await world.AuditAsync();
    }

    [Fact]
    public async Task Several_take_turns_and_one_that_is_slowed_down_rests()
    {
        var key = (await world.NewMerchantAsync()).TestKey;
        string[] keys = ["sk-slow-key-of-a-merchant", "sk-quick-key-of-a-merchant"];
        await world.SetAsync(key, "openai", keys);
        var turns = new List<string>();
        for (var i = 0; i < 4; i++) turns.AddRange((await world.CallAsync(key)).Keys);
        turns.Order().ShouldBe([keys[1], keys[1], keys[0], keys[0]]);

        world.Provider.Refused[keys[0]] = 429;
        turns.Clear();
        for (var i = 0; i < 4; i++)
        {
            var (answer, asked) = await world.CallAsync(key);
            answer.Status.ShouldBe(200);
            turns.AddRange(asked);
        }

        turns.Count(asked => asked == keys[0]).ShouldBe(1);
        turns.Count.ShouldBe(5);

        // When none has room the provider's refusal is the answer; the operator's key does not step in.
        world.Provider.Refused[keys[1]] = 429;
        var (slowed, last) = await world.CallAsync(key);
        (slowed.Status, slowed["error.code"]).ShouldBe((429, "from_the_provider"));
        last.ShouldNotContain(Managed);
    }

    [Fact]
    public async Task A_provider_that_refuses_a_stored_key_is_heard_as_it_is()
    {
        var key = (await world.NewMerchantAsync()).TestKey;
        await world.SetAsync(key, "openai", "sk-revoked-key-of-a-merchant");
        world.Provider.Refused["sk-revoked-key-of-a-merchant"] = 401;
        var (answer, keys) = await world.CallAsync(key);
        (answer.Status, answer["error.code"]).ShouldBe((401, "from_the_provider"));
        keys.ShouldBe(["sk-revoked-key-of-a-merchant"]);
        answer.Body.ToString().ShouldNotContain("sk-revoked");
    }

    [Fact]
    public async Task A_change_is_effective_at_once_here_and_within_seconds_elsewhere()
    {
        var key = (await world.NewMerchantAsync()).TestKey;
        await world.SetAsync(key, "openai", First);
        foreach (var server in new[] { 0, 1 }) (await world.CallAsync(key, server)).Keys.ShouldBe([First]);

        await world.SetAsync(key, "openai", Second);
        (await world.CallAsync(key)).Keys.ShouldBe([Second]);
        (await world.CallAsync(key, 1)).Keys.Single().ShouldBeOneOf(First, Second);
        world.Clock.Advance(TimeSpan.FromSeconds(6));
        (await world.CallAsync(key, 1)).Keys.ShouldBe([Second]);

        await world.SendAsync(key, "DELETE", Route + "/openai");
        (await world.CallAsync(key)).Keys.ShouldBe([Managed]);
        world.Clock.Advance(TimeSpan.FromSeconds(6));
        (await world.CallAsync(key, 1)).Keys.ShouldBe([Managed]);

        await world.SetAsync(key, "openai", First);
        (await world.CallAsync(key)).Keys.ShouldBe([First]);
    }

    [Fact]
    public async Task A_server_that_has_read_the_row_and_finds_its_secret_replaced_takes_the_new_one()
    {
        var key = (await world.NewMerchantAsync()).TestKey;
        await world.SetAsync(key, "anthropic", First);

        // It knows of the keys for both providers by one read, and has not yet needed these.
        (await world.CallAsync(key, 1)).Keys.ShouldBe([Managed]);
        await world.SetAsync(key, "anthropic", Second);
        var (answer, keys) = await world.CallAsync(key, 1, Messages, "claude-haiku-4-5");
        (answer.Status, keys.Single()).ShouldBe((200, Second));
    }

    [Fact]
    public async Task Calls_ask_neither_store_nor_vault_for_keys_again()
    {
        var key = (await world.NewMerchantAsync()).TestKey;
        await world.SetAsync(key, "openai", First, Second);
        await world.CallAsync(key);
        var store = world.Get<StoredKeyStore>();
        var tenant = await TenantOfAsync(key);
        var (queries, reads) = (world.Tables.Queries(tenant.Partition), world.Vault.Reads);
        for (var i = 0; i < 3; i++)
        {
            (await world.CallAsync(key)).Answer.Status.ShouldBe(200);
            (await store.FindCachedAsync(tenant, "anthropic", default)).ShouldBeNull();
        }

        world.Vault.Reads.ShouldBe(reads);
        world.Tables.Queries(tenant.Partition).ShouldBe(queries);

        // A merchant without keys is known as such by one look.
        var none = new Tenant("mer_nobody", Mode.Test);
        await store.FindCachedAsync(none, "openai", default);
        var before = world.Tables.Queries(none.Partition);
        foreach (var provider in new[] { "openai", "anthropic", "groq" }) (await store.FindCachedAsync(none, provider, default)).ShouldBeNull();
        world.Tables.Queries(none.Partition).ShouldBe(before);
        before.ShouldBe(1);
    }

    [Fact]
    public async Task A_spend_keys_money_bounds_what_its_calls_cost_whoever_pays_the_provider()
    {
        var key = (await world.NewMerchantAsync()).TestKey;
        await world.SetAsync(key, "openai", First);

        // A call costs 0.00077 at most, 0.00075 as it is answered.
        var made = await world.SendAsync(key, "POST", "/v1/spend_keys", """{"name":"Agent","spend_limit":{"amount":"0.0016","cycle":"total"},"request_limit":{"count":9,"cycle":"total"}}""");
        for (var calls = 1; calls <= 2; calls++)
        {
            var (answer, keys) = await world.CallAsync(made["key"]!);
            (answer.Status, keys.Single()).ShouldBe((200, First), answer.Body.ToString());
            (await world.RecordedAsync(key, answer))["provider_key_type"].ShouldBe("stored");
        }

        var (refused, none) = await world.CallAsync(made["key"]!);
        (refused.Status, refused.Code, none.Count).ShouldBe((402, "spend_limit_exceeded", 0));
        var shown = await world.SendAsync(key, "GET", "/v1/spend_keys/" + made["spend_key_id"]);
        (shown["current_spend"], shown["current_requests"]).ShouldBe(((2 * Cost).ToString("0.####", CultureInfo.InvariantCulture), "2"));
        (await world.BalanceAsync(key)).ShouldBe(100);
        await world.AuditAsync();
    }

    [Fact]
    public async Task A_model_and_a_fallback_find_a_provider_for_which_only_the_merchant_has_a_key()
    {
        var merchant = await world.NewMerchantAsync();
        var key = merchant.TestKey;
        (string, string) fallback = ("x-lava-fallbacks", """[{"url":"api.anthropic.com/v1/messages","model":"claude-haiku-4-5"}]""");
        world.Provider.Refused["sk-failing-key-of-a-merchant"] = 500;
        await world.SetAsync(key, "openai", "sk-failing-key-of-a-merchant");
        (await world.CallAsync(key, 0, "/v1/chat/completions", "claude-haiku-4-5")).Keys.ShouldBeEmpty();
        (await world.CallAsync(key, 0, "/v1/chat/completions", "gpt-4o-mini", fallback)).Answer.Status.ShouldBe(500);

        await world.SetAsync(key, "anthropic", First);
        var (answer, keys) = await world.CallAsync(key, 0, "/v1/chat/completions", "claude-haiku-4-5");
        (answer.Status, answer.Header("x-lava-provider"), keys.Single()).ShouldBe((200, "anthropic", First));

        // A key that came with the call is for its first provider; the fallback takes the merchant's.
        world.Provider.Refused["sk-failing-key-of-the-call"] = 500;
        (answer, keys) = await world.CallAsync(Token(key, "\"provider_key\":\"sk-failing-key-of-the-call\""), 0, "/v1/chat/completions", "gpt-4o-mini", fallback);
        (answer.Status, string.Join(' ', keys)).ShouldBe((200, "sk-failing-key-of-the-call " + First));
        (await world.RecordedAsync(key, answer))["provider_key_type"].ShouldBe("stored");
    }

    [Fact]
    public async Task The_sandbox_answers_for_no_provider_for_which_a_key_is_stored_in_test_mode()
    {
        var tenant = await TenantOfAsync((await world.NewMerchantAsync()).TestKey);
        var catalogue = CatalogueLoader.Load(null);
        var configuration = new ConfigurationBuilder().Build();
        var store = world.Get<StoredKeyStore>();
        var keys = new CallKeys(new ManagedKeys(configuration, world.Vault, world.Clock), new AzurePools([], null, world.Clock), new StoredKeyRings(store, world.Vault, world.Clock), new UpstreamMap(configuration, catalogue), world.Get<ProcessorByMode>(), Options.Create(new GatewayOptions { ManagedTestCalls = true }));
        var provider = catalogue.FindProvider("mistral")!;
        var target = new KeyTarget("api.mistral.ai", null, null);

        var found = await keys.FindAsync(tenant, provider, target, null, default);
        (found.IsSandboxed, found.Value, found.Source).ShouldBe((true, null, KeySource.Managed));
        found = await keys.FindAsync(tenant, provider, target, "sk-own", default);
        (found.IsSandboxed, found.Value, found.Source).ShouldBe((true, null, KeySource.Unmanaged));

        await store.SetAsync(tenant, "mistral", [First], default);
        found = await keys.FindAsync(tenant, provider, target, null, default);
        (found.IsSandboxed, found.Value, found.Source).ShouldBe((false, First, KeySource.Stored));
        found = await keys.FindAsync(tenant, provider, target, "sk-own", default);
        (found.IsSandboxed, found.Value, found.Source).ShouldBe((false, "sk-own", KeySource.Unmanaged));

        var live = tenant with { Mode = Mode.Live };
        found = await keys.FindAsync(live, provider, target, null, default);
        (found.IsSandboxed, found.Value).ShouldBe((false, null));
        (await keys.OutlookAsync(live, provider, target, default)).ShouldBe(KeyOutlook.None);
        await store.SetAsync(live, "mistral", [Second], default);
        (await keys.OutlookAsync(live, provider, target, default)).ShouldBe(KeyOutlook.Key);
    }

    private static string Token(string key, string members) => Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{key}}",{{members}}}"""));

    private async Task<Tenant> TenantOfAsync(string key) => (await world.Get<Service.Credentials.Authenticator>().AuthenticateAsync(key, default))!.Tenant;
}
