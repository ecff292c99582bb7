using Lava.Core.Keys;
using Lava.Service.Pricing.Plans;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Pricing;

public sealed class PlanCreationTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task A_plan_is_made_with_its_bundles_and_meters_and_shown_the_same_wherever_it_is_read()
    {
        var key = await host.NewKeyAsync();
        var meter = await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        var made = await host.NewPlanAsync(
            key, $$""" "rollover_type":"full","bundle_rollover_type":"none","included_credit":"20.5","meter_ids":["chat","{{meter}}"],{{PlanHttp.ThreeBundles}} """);
        made.Body.EnumerateObject().Select(member => member.Name).ShouldBe(
            ["plan_id", "merchant_id", "name", "period_amount", "included_credit", "billing_interval", "rollover_type", "bundle_rollover_type", "default_auto_top_up_bundle_id", "linked_meters", "credit_bundles", "created_at"]);
        made["plan_id"]!.ShouldMatch("^sc_test_[0-9A-HJKMNP-TV-Z]{26}$");
        (made["name"], made["period_amount"], made["included_credit"], made["billing_interval"], made["rollover_type"], made["bundle_rollover_type"]).ShouldBe(("Pro", "25.00", "20.50", "month", "full", "none"));
        made["linked_meters"].ShouldBe($$"""[{"meter_id":"{{meter}}","name":"Chat"}]""");
        made.Bundles().ShouldBe(["A 5.00 6.00", "B 20.00 30.00", "C 50.00 80.00"]);
        made.BundleIds().ShouldAllBe(id => id.StartsWith("cb_test_", StringComparison.Ordinal));
        made["default_auto_top_up_bundle_id"].ShouldBe(made.BundleIds()[1]);

        (await host.GetAsync(key, "/v1/plans/" + made["plan_id"])).Body.GetRawText().ShouldBe(made.Body.GetRawText());
        var list = await host.GetAsync(key, "/v1/plans");
        (list["data.0"], list.Body.GetProperty("data").GetArrayLength()).ShouldBe((made.Body.GetRawText(), 2));
    }

    [Fact]
    public async Task What_is_not_said_is_the_default()
    {
        var made = await host.NewPlanAsync(await host.NewKeyAsync());
        (made["included_credit"], made["rollover_type"], made["bundle_rollover_type"], made["default_auto_top_up_bundle_id"], made["linked_meters"], made["credit_bundles"])
            .ShouldBe(("25.00", "none", "full", null, "[]", "[]"));
    }

    [Fact]
    public async Task Nulls_are_as_good_as_absent()
    {
        var made = await host.NewPlanAsync(
            await host.NewKeyAsync(), """ "included_credit":null,"rollover_type":null,"bundle_rollover_type":null,"meter_ids":null,"credit_bundles":null,"default_auto_top_up_bundle_index":null,"default_auto_top_up_bundle_id":null """);
        (made["included_credit"], made["bundle_rollover_type"], made["credit_bundles"]).ShouldBe(("25.00", "full", "[]"));
    }

    [Theory]
    [InlineData("0", "1.00", "0.00", "1.00")]
    [InlineData("0", null, "0.00", "0.00")]
    [InlineData("0.5000000001", "0", "0.5000000001", "0.00")]
    [InlineData("10", "10000", "10.00", "10000.00")]
    [InlineData("10000", "0.1", "10000.00", "0.10")]
    public async Task Included_credit_is_the_price_unless_given_and_may_be_less_or_more(string price, string? credit, string shownPrice, string shownCredit)
    {
        var members = $"\"period_amount\":\"{price}\"" + (credit is null ? "" : $",\"included_credit\":\"{credit}\"");
        var made = await host.PostAsync(await host.NewKeyAsync(), "/v1/plans", $$"""{"name":"P","billing_interval":"year",{{members}}}""");
        (made.Status, made["period_amount"], made["included_credit"]).ShouldBe((201, shownPrice, shownCredit));
    }

    [Theory]
    [InlineData("0.0000000001")]
    [InlineData("0.49")]
    public async Task A_price_that_no_card_can_be_charged_is_refused(string price)
    {
        var refused = await host.PostAsync(await host.NewKeyAsync(), "/v1/plans", $$"""{"name":"P","billing_interval":"year","period_amount":"{{price}}"}""");
        refused.Status.ShouldBe(400);
        refused.Issues.ShouldBe(["period_amount"]);
    }

    [Theory]
    [InlineData("day")]
    [InlineData("week")]
    [InlineData("month")]
    [InlineData("year")]
    public async Task Every_interval_comes_back_as_it_was_given(string interval)
    {
        var made = await host.PostAsync(await host.NewKeyAsync(), "/v1/plans", $$"""{"name":"P","period_amount":"1","billing_interval":"{{interval}}"}""");
        (made.Status, made["billing_interval"]).ShouldBe((201, interval));
    }

    [Fact]
    public async Task A_bundle_id_given_at_creation_leads_nowhere_and_is_ignored()
    {
        var key = await host.NewKeyAsync();
        var other = await host.NewPlanAsync(key, PlanHttp.ThreeBundles);
        var made = await host.NewPlanAsync(key, $"\"default_auto_top_up_bundle_id\":\"{other.BundleIds()[0]}\"");
        made["default_auto_top_up_bundle_id"].ShouldBeNull();
    }

    [Theory]
    [InlineData("{}", "name", "period_amount", "billing_interval")]
    [InlineData("""{"name":5,"period_amount":true,"billing_interval":3}""", "name", "period_amount", "billing_interval")]
    [InlineData("""{"name":"","period_amount":"-1","billing_interval":"quarter"}""", "name", "period_amount", "billing_interval")]
    [InlineData("""{"name":"a\nb","period_amount":"10000.01","billing_interval":"month"}""", "name", "period_amount")]
    [InlineData("""{"name":"P","period_amount":"1e3","billing_interval":"month","included_credit":"10000.01"}""", "period_amount", "included_credit")]
    [InlineData("""{"name":"P","period_amount":"1.00000000001","billing_interval":"month","included_credit":"-0.01"}""", "period_amount", "included_credit")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","rollover_type":"partial","bundle_rollover_type":7}""", "rollover_type", "bundle_rollover_type")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","meter_ids":"chat"}""", "meter_ids")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","meter_ids":["chat",7,null,"unknown","meter_test_01ARZ3NDEKTSV4RRFFQ69G5FAV","a/b"]}""", "meter_ids.1", "meter_ids.2", "meter_ids.3", "meter_ids.4", "meter_ids.5")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","credit_bundles":{}}""", "credit_bundles")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","credit_bundles":[7,null,{}]}""", "credit_bundles.0", "credit_bundles.1", "credit_bundles.2.name", "credit_bundles.2.cost", "credit_bundles.2.credit_amount")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","credit_bundles":[{"name":"","cost":"0.49","credit_amount":"0"}]}""", "credit_bundles.0.name")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","credit_bundles":[{"name":"b","cost":"0.49","credit_amount":"0"}]}""", "credit_bundles.0.cost", "credit_bundles.0.credit_amount")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","credit_bundles":[{"name":"b","cost":"0","credit_amount":"1"}]}""", "credit_bundles.0.cost")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","credit_bundles":[{"name":7,"cost":"10000.01","credit_amount":"1000000.01"}]}""", "credit_bundles.0.name", "credit_bundles.0.cost", "credit_bundles.0.credit_amount")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","credit_bundles":[{"name":"b","cost":"-5","credit_amount":"lots"}]}""", "credit_bundles.0.cost", "credit_bundles.0.credit_amount")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","default_auto_top_up_bundle_index":0}""", "default_auto_top_up_bundle_index")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","credit_bundles":[{"name":"b","cost":"5","credit_amount":"5"}],"default_auto_top_up_bundle_index":1}""", "default_auto_top_up_bundle_index")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","credit_bundles":[{"name":"b","cost":"5","credit_amount":"5"}],"default_auto_top_up_bundle_index":-1}""", "default_auto_top_up_bundle_index")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","credit_bundles":[{"name":"b","cost":"5","credit_amount":"5"}],"default_auto_top_up_bundle_index":"0"}""", "default_auto_top_up_bundle_index")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","credit_bundles":[{"name":"b","cost":"5","credit_amount":"5"}],"default_auto_top_up_bundle_index":0.5}""", "default_auto_top_up_bundle_index")]
    [InlineData("""{"name":"P","period_amount":"1","billing_interval":"month","credit_bundles":[{},{"name":"b","cost":"5","credit_amount":"5"}],"default_auto_top_up_bundle_index":1}""", "credit_bundles.0.name", "credit_bundles.0.cost", "credit_bundles.0.credit_amount")]
    public async Task What_is_wrong_is_named_once_each_and_nothing_is_made(string body, params string[] issues)
    {
        var key = await host.NewKeyAsync();
        await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        var before = await SnapshotAsync(key);
        var answer = await host.PostAsync(key, "/v1/plans", body);
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
        answer.Issues.ShouldBe(issues, ignoreOrder: true);
        (await SnapshotAsync(key)).ShouldBe(before);
    }

    [Theory]
    [InlineData(50, 201)]
    [InlineData(51, 400)]
    public async Task A_plan_has_at_most_50_bundles_of_names_of_any_script(int count, int status)
    {
        var key = await host.NewKeyAsync();
        var name = string.Concat(Enumerable.Repeat("名", 255));
        var made = await host.PostAsync(key, "/v1/plans", PlanHttp.Body($"\"credit_bundles\":[{string.Join(',', Enumerable.Repeat($$"""{"name":"{{name}}","cost":"10000","credit_amount":"1000000"}""", count))}]"));
        made.Status.ShouldBe(status);
        if (status == 400) made.Issues.ShouldBe(["credit_bundles"]);
        else (await host.GetAsync(key, "/v1/plans/" + made["plan_id"])).Bundles().ShouldBe(Enumerable.Repeat(name + " 10000.00 1000000.00", 50));
    }

    [Theory]
    [InlineData(100, 201)]
    [InlineData(101, 400)]
    public async Task A_plan_names_at_most_100_meters(int count, int status)
    {
        var key = await host.NewKeyAsync();
        await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        (await host.PostAsync(key, "/v1/plans", PlanHttp.Body($"\"meter_ids\":[{string.Join(',', Enumerable.Repeat("\"chat\"", count))}]"))).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_plan_covers_the_meters_that_it_names_and_only_an_untouched_Free_plan_covers_all()
    {
        var merchant = await host.NewMerchantAsync();
        var (key, store) = (merchant.TestKey, host.Services.GetRequiredService<PlanStore>());
        var tenant = new Tenant(merchant.Merchant.Id, Mode.Test);
        var (first, second) = (await host.NewMeterAsync(key), await host.NewMeterAsync(key));
        var (named, none) = ((await host.NewPlanAsync(key, $"\"meter_ids\":[\"{first}\"]"))["plan_id"]!, (await host.NewPlanAsync(key, "\"meter_ids\":[]"))["plan_id"]!);
        var unsaid = (await host.NewPlanAsync(key))["plan_id"]!;
        var free = merchant.Merchant.TestPlanId;

        (await CoversAsync(named)).ShouldBe((true, false));
        (await CoversAsync(none)).ShouldBe((false, false));
        (await CoversAsync(unsaid)).ShouldBe((false, false));
        (await CoversAsync(free)).ShouldBe((true, true));

        await host.PatchAsync(key, "/v1/plans/" + free, """{"name":"Starter","meter_ids":null}""");
        (await CoversAsync(free)).ShouldBe((true, true));
        await host.PatchAsync(key, "/v1/plans/" + free, $$"""{"meter_ids":["{{second}}"]}""");
        (await CoversAsync(free)).ShouldBe((false, true));

        // For good: an empty list does not open it to everything again.
        await host.PatchAsync(key, "/v1/plans/" + free, """{"meter_ids":[]}""");
        await host.PatchAsync(key, "/v1/plans/" + free, """{"name":"Free"}""");
        (await CoversAsync(free)).ShouldBe((false, false));

        async Task<(bool, bool)> CoversAsync(string id)
        {
            var stored = (await store.FindAsync(tenant, id, default))!.Value.Plan;
            var kept = (await store.FindCachedAsync(tenant, id, default))!;
            (kept.Covers(first), kept.Covers(second)).ShouldBe((stored.Covers(first), stored.Covers(second)));
            return (stored.Covers(first), stored.Covers(second));
        }
    }

    [Fact]
    public async Task The_gateway_serves_a_customer_on_the_meters_of_the_plan_and_on_no_other()
    {
        var merchant = await host.NewMerchantAsync(testCredit: 10);
        var key = merchant.TestKey;
        await host.NewMeterAsync(key, "\"meter_slug\":\"on\"");
        await host.NewMeterAsync(key, "\"meter_slug\":\"off\"");
        await host.NewCustomerAsync(key, """{"reference_id":"u"}""");
        (await CallAsync("off")).Status.ShouldBe(200);
        var plan = (await host.PostAsync(key, "/v1/plans", """{"name":"P","period_amount":"0","included_credit":"10","billing_interval":"month","meter_ids":["on"]}"""))["plan_id"];
        (await host.PostAsync(key, "/v1/subscriptions", $$"""{"customer_id":"u","plan_id":"{{plan}}"}""")).Status.ShouldBe(201);
        (await CallAsync("on")).Status.ShouldBe(200);
        var refused = await CallAsync("off");
        (refused.Status, refused.Code).ShouldBe((403, "meter_not_on_plan"));

        async Task<Answer> CallAsync(string meter)
        {
            // Past the few seconds for which the gateway keeps what it has read.
            host.Clock.Advance(TimeSpan.FromSeconds(10));
            var token = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($$"""{"secret_key":"{{key}}","customer_id":"u","meter_slug":"{{meter}}"}"""));
            return await host.PostAsync(token, "/v1/forward?u=https://api.openai.com/v1/chat/completions", """{"model":"gpt-4o-mini","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""");
        }
    }

    [Fact]
    public async Task Another_tenants_meter_is_no_meter_here()
    {
        var merchant = await host.NewMerchantAsync();
        var theirs = await host.NewMeterAsync(await host.NewKeyAsync());
        var live = await host.NewMeterAsync(merchant.LiveKey, "\"meter_slug\":\"mine\"");
        var answer = await host.PostAsync(merchant.TestKey, "/v1/plans", PlanHttp.Body($"\"meter_ids\":[\"{theirs}\",\"{live}\",\"mine\"]"));
        (answer.Status, answer.Issues.Count).ShouldBe((400, 3));
    }

    [Fact]
    public async Task Plans_are_listed_page_by_page_newest_first()
    {
        var merchant = await host.NewMerchantAsync();
        var made = new List<string> { merchant.Merchant.TestPlanId };
        for (var i = 0; i < 4; i++) made.Insert(0, (await host.NewPlanAsync(merchant.TestKey))["plan_id"]!);
        var first = await host.GetAsync(merchant.TestKey, "/v1/plans?limit=3");
        var rest = await host.GetAsync(merchant.TestKey, "/v1/plans?limit=3&cursor=" + first["next_cursor"]);
        first.Ids("plan_id").Concat(rest.Ids("plan_id")).ShouldBe(made);
        (first["has_more"], rest["has_more"]).ShouldBe(("true", "false"));
    }

    private async Task<string> SnapshotAsync(string key) =>
        (await host.GetAsync(key, "/v1/plans?limit=100")).Body.GetRawText() + (await host.GetAsync(key, "/v1/credit_bundles?limit=100")).Body.GetRawText();
}
