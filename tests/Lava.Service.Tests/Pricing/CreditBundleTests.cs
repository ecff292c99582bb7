using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Pricing;

public sealed class CreditBundleTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task A_bundle_is_shown_with_its_plan()
    {
        var key = await host.NewKeyAsync();
        var plan = await host.NewPlanAsync(key, PlanHttp.ThreeBundles);
        var bundle = await host.GetAsync(key, "/v1/credit_bundles/" + plan.BundleIds()[0]);
        bundle.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["credit_bundle_id", "plan_id", "name", "cost", "credit_amount", "created_at"]);
        (bundle["credit_bundle_id"], bundle["plan_id"], bundle["name"], bundle["cost"], bundle["credit_amount"]).ShouldBe((plan.BundleIds()[0], plan["plan_id"], "A", "5.00", "6.00"));
        bundle["created_at"].ShouldBe(plan["created_at"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_show_every_bundle_once_and_newest_first_of_one_plan_or_of_all(bool isFiltered)
    {
        var key = await host.NewKeyAsync();
        var plan = await host.NewPlanAsync(key);
        var made = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            host.Clock.Advance(TimeSpan.FromMilliseconds(1));
            var grown = await host.PatchAsync(key, "/v1/plans/" + plan["plan_id"], """{"credit_bundles":[{"name":"b","cost":"1","credit_amount":"1"}]}""");
            made.Insert(0, grown.BundleIds()[^1]);
        }

        if (isFiltered) await host.NewPlanAsync(key, PlanHttp.ThreeBundles);
        foreach (var limit in new[] { 1, 3, 7, 100 })
        {
            var seen = new List<string>();
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await host.GetAsync(key, $"/v1/credit_bundles?limit={limit}{(isFiltered ? "&plan_id=" + plan["plan_id"] : "")}{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
                page.Status.ShouldBe(200);
                page.Ids("credit_bundle_id").Length.ShouldBeLessThanOrEqualTo(limit);
                seen.AddRange(page.Ids("credit_bundle_id"));
                cursor = page.Body.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
                page.Body.GetProperty("has_more").GetBoolean().ShouldBe(cursor is not null);
            }

            seen.ShouldBe(made, $"limit {limit}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bundle_removed_between_two_pages_neither_hides_nor_repeats_others(bool isFiltered)
    {
        var key = await host.NewKeyAsync();
        var plan = await host.NewPlanAsync(key, PlanHttp.ThreeBundles);
        var query = "/v1/credit_bundles?limit=1" + (isFiltered ? "&plan_id=" + plan["plan_id"] : "");
        var cursor = (await host.GetAsync(key, query))["next_cursor"]!;
        await host.PatchAsync(key, "/v1/plans/" + plan["plan_id"], $$"""{"credit_bundles":[{"credit_bundle_id":"{{cursor}}","is_deleted":true}]}""");
        var second = await host.GetAsync(key, query + "&cursor=" + cursor);
        var third = await host.GetAsync(key, query + "&cursor=" + second["next_cursor"]);
        new[] { cursor, second["data.0.credit_bundle_id"], third["data.0.credit_bundle_id"] }.ShouldBe(plan.BundleIds(), ignoreOrder: true);
        third["has_more"].ShouldBe("false");
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=sc_test_01ARZ3NDEKTSV4RRFFQ69G5FAV", "cursor")]
    [InlineData("cursor=cb_live_01ARZ3NDEKTSV4RRFFQ69G5FAV", "cursor")]
    public async Task A_page_that_no_list_has_is_refused(string query, string issue)
    {
        var merchant = await host.NewMerchantAsync();
        foreach (var filter in new[] { "", "&plan_id=" + merchant.Merchant.TestPlanId })
        {
            var answer = await host.GetAsync(merchant.TestKey, $"/v1/credit_bundles?{query}{filter}");
            (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
            answer.Issues.ShouldBe([issue]);
        }
    }

    [Fact]
    public async Task A_page_costs_the_same_however_many_bundles_there_are()
    {
        var (few, many) = (await host.NewKeyAsync(), await host.NewKeyAsync());
        await host.NewPlanAsync(few, PlanHttp.ThreeBundles);
        for (var i = 0; i < 20; i++) await host.NewPlanAsync(many, PlanHttp.ThreeBundles);
        (await CostAsync(many)).ShouldBe(await CostAsync(few));

        async Task<long> CostAsync(string key)
        {
            await host.GetAsync(key, "/v1/credit_bundles?limit=2");
            return await host.Tables.RowsReadByAsync(async () => (await host.GetAsync(key, "/v1/credit_bundles?limit=2"))["has_more"].ShouldBe("true"));
        }
    }

    [Fact]
    public async Task Bundles_are_read_only_here()
    {
        var key = await host.NewKeyAsync();
        var id = (await host.NewPlanAsync(key, PlanHttp.ThreeBundles)).BundleIds()[0];
        foreach (var (method, path) in new[] { ("POST", "/v1/credit_bundles"), ("PATCH", "/v1/credit_bundles/" + id), ("DELETE", "/v1/credit_bundles/" + id) })
            (await host.SendAsync(key, method, path, "{}"u8.ToArray())).Status.ShouldBe(405, $"{method} {path}");
    }

    [Fact]
    public async Task Without_a_key_nothing_is_told()
    {
        foreach (var (method, path) in new[] { ("GET", "/v1/credit_bundles"), ("GET", "/v1/credit_bundles/x"), ("GET", "/v1/plans"), ("POST", "/v1/plans"), ("DELETE", "/v1/plans/x"), ("POST", "/v1/meters/simulate") })
            (await host.SendAsync("", method, path)).Status.ShouldBe(401, $"{method} {path}");
    }

    [Fact]
    public async Task Neither_another_merchant_nor_the_other_mode_sees_or_touches_plans_and_bundles()
    {
        var merchant = await host.NewMerchantAsync();
        var owner = merchant.TestKey;
        var plan = await host.NewPlanAsync(owner, PlanHttp.ThreeBundles);
        var (path, bundle) = ("/v1/plans/" + plan["plan_id"], plan.BundleIds()[0]);
        foreach (var stranger in new[] { merchant.LiveKey, await host.NewKeyAsync() })
        {
            (await host.GetAsync(stranger, path)).Status.ShouldBe(404);
            (await host.PatchAsync(stranger, path, """{"name":"stolen"}""")).Status.ShouldBe(404);
            (await host.DeleteAsync(stranger, path)).Status.ShouldBe(404);
            (await host.GetAsync(stranger, "/v1/credit_bundles/" + bundle)).Status.ShouldBe(404);
            (await host.GetAsync(stranger, "/v1/credit_bundles"))["data"].ShouldBe("[]");
            (await host.GetAsync(stranger, "/v1/credit_bundles?plan_id=" + plan["plan_id"])).Code.ShouldBe("plan_not_found");
            var mine = await host.PostAsync(stranger, "/v1/plans", PlanHttp.Body());
            var taken = await host.PatchAsync(stranger, "/v1/plans/" + mine["plan_id"], $$"""{"credit_bundles":[{"credit_bundle_id":"{{bundle}}","is_deleted":true}],"default_auto_top_up_bundle_id":"{{bundle}}"}""");
            (taken.Status, taken.Issues.Count).ShouldBe((400, 2));
        }

        (await host.GetAsync(owner, path)).Body.GetRawText().ShouldBe(plan.Body.GetRawText());
        (await host.GetAsync(owner, "/v1/credit_bundles/" + bundle)).Status.ShouldBe(200);
    }
}
