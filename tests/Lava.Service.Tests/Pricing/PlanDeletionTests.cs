using Lava.Core.Billing;
using Lava.Core.Keys;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Pricing.Plans;
using Lava.Service.Tests.Billing;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Pricing;

public sealed class PlanDeletionTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task A_deleted_plan_is_gone_with_its_bundles_and_no_other_is()
    {
        var key = await host.NewKeyAsync();
        var (plan, other) = (await host.NewPlanAsync(key, PlanHttp.ThreeBundles), await host.NewPlanAsync(key, PlanHttp.ThreeBundles));
        var path = "/v1/plans/" + plan["plan_id"];
        var deleted = await host.DeleteAsync(key, path);
        (deleted.Status, deleted.Body.GetRawText()).ShouldBe((200, $$"""{"id":"{{plan["plan_id"]}}","deleted":true}"""));

        foreach (var answer in new[] { await host.GetAsync(key, path), await host.PatchAsync(key, path, """{"name":"Back"}"""), await host.DeleteAsync(key, path) }) (answer.Status, answer.Code).ShouldBe((404, "plan_not_found"));
        foreach (var id in plan.BundleIds())
        {
            var bundle = await host.GetAsync(key, "/v1/credit_bundles/" + id);
            (bundle.Status, bundle.Code).ShouldBe((404, "credit_bundle_not_found"));
        }

        (await host.GetAsync(key, "/v1/credit_bundles?plan_id=" + plan["plan_id"])).Code.ShouldBe("plan_not_found");
        (await host.GetAsync(key, "/v1/credit_bundles")).Ids("credit_bundle_id").ShouldBe(other.BundleIds(), ignoreOrder: true);
        (await host.GetAsync(key, "/v1/plans")).Ids("plan_id").ShouldNotContain(plan["plan_id"]);
        (await host.GetAsync(key, "/v1/plans/" + other["plan_id"])).Body.GetRawText().ShouldBe(other.Body.GetRawText());
        await host.NewCustomerAsync(key, """{"reference_id":"u"}""");
        (await host.PostAsync(key, "/v1/subscriptions", $$"""{"customer_id":"u","plan_id":"{{plan["plan_id"]}}"}""")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task The_Free_plan_of_a_merchant_stays_whatever_it_is_called_and_other_free_plans_go()
    {
        var merchant = await host.NewMerchantAsync();
        foreach (var (key, plan) in new[] { (merchant.TestKey, merchant.Merchant.TestPlanId), (merchant.LiveKey, merchant.Merchant.LivePlanId) })
        {
            await host.PatchAsync(key, "/v1/plans/" + plan, """{"name":"Starter","included_credit":"1"}""");
            var refused = await host.DeleteAsync(key, "/v1/plans/" + plan);
            (refused.Status, refused.Code).ShouldBe((400, "default_plan"));
            (await host.GetAsync(key, "/v1/plans/" + plan))["name"].ShouldBe("Starter");
            var other = (await host.PostAsync(key, "/v1/plans", """{"name":"Free","period_amount":"0","billing_interval":"month"}"""))["plan_id"];
            (await host.DeleteAsync(key, "/v1/plans/" + other)).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task A_withdrawn_plan_is_found_by_who_asks_for_what_ever_was_and_by_no_other_tenant()
    {
        var merchant = await host.NewMerchantAsync();
        var (store, tenant) = (host.Services.GetRequiredService<PlanStore>(), new Tenant(merchant.Merchant.Id, Mode.Test));
        var plan = await host.NewPlanAsync(merchant.TestKey, PlanHttp.ThreeBundles);
        var id = plan["plan_id"]!;
        (await store.FindCachedAsync(tenant, id, default))!.DeletedAt.ShouldBeNull();
        await host.DeleteAsync(merchant.TestKey, "/v1/plans/" + id);
        (await store.FindAsync(tenant, id, default)).ShouldBeNull();
        (await store.FindBundleAsync(tenant, plan.BundleIds()[0], default)).ShouldBeNull();
        foreach (var ever in new[] { await store.FindEverAsync(tenant, id, default), await store.FindCachedAsync(tenant, id, default) })
            (ever!.Name, ever.DeletedAt, ever.Bundles.Count, ever.DefaultTopUpBundleId).ShouldBe(("Pro", host.Clock.GetUtcNow(), 0, null));
        foreach (var stranger in new[] { new Tenant(merchant.Merchant.Id, Mode.Live), new Tenant("mer_other", Mode.Test) }) (await store.FindEverAsync(stranger, id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_subscription_goes_on_until_its_cycle_ends_and_falls_back_to_the_Free_plan_then()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var world = await BillingWorld.CreateAsync(start);
        var plan = await world.AddPlanAsync("Leaving", 0, 7, BillingInterval.Month, rolls: true, bundlesRoll: true, topsUp: true);
        var owner = await world.AddCustomerAsync();
        (await world.Get<SubscriptionService>().AssignFreeAsync(owner, plan, default)).Error.ShouldBeNull();
        var (stored, etag) = (await world.Get<PlanStore>().FindAsync(world.Tenant, plan.Id, default))!.Value;
        (await world.Get<PlanStore>().DeleteAsync(world.Tenant, stored, etag, default)).ShouldBeTrue();

        // The credits that were promised stay; its bundle is bought no more, and not shown as if it would be.
        await world.AdvanceAsync(start.AddDays(30));
        var running = await world.StateAsync(owner);
        (running.Subscription.PlanId, running.Head.Balance(Core.Ledger.Account.Credits)).ShouldBe((plan.Id, 7m));
        (await world.Get<SubscriptionViews>().ShowAsync(world.Tenant, running, default)).AutoTopUpBundleId.ShouldBeNull();
        await world.MeterAsync(world.Usage(owner, 7));
        (await world.PaidAsync(owner)).ShouldBe(0);

        await world.AdvanceAsync(start.AddDays(32));
        var merchant = await world.Get<MerchantStore>().GetAsync(world.Tenant.MerchantId, default);
        (await world.StateAsync(owner)).Subscription.PlanId.ShouldBe(merchant.FreePlanId(Mode.Test));
        (await world.AuditAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bundle_that_was_removed_is_no_subscriptions_top_up_any_more()
    {
        var key = await host.NewKeyAsync();
        var plan = await host.PostAsync(key, "/v1/plans", $$"""{"name":"P","period_amount":"0","billing_interval":"month",{{PlanHttp.ThreeBundles}}}""");
        await host.NewCustomerAsync(key, """{"reference_id":"u"}""");
        var subscribed = await host.PostAsync(key, "/v1/subscriptions", $$"""{"customer_id":"u","plan_id":"{{plan["plan_id"]}}"}""");
        subscribed["subscription.auto_top_up_bundle_id"].ShouldBe(plan.BundleIds()[1]);
        await host.PatchAsync(key, "/v1/plans/" + plan["plan_id"], $$"""{"credit_bundles":[{"credit_bundle_id":"{{plan.BundleIds()[1]}}","is_deleted":true}]}""");
        (await host.GetAsync(key, "/v1/customers/u/subscription"))["subscription.auto_top_up_bundle_id"].ShouldBeNull();
    }

    [Fact]
    public async Task Deletions_and_changes_that_race_leave_the_plan_whole_or_gone()
    {
        var key = await host.NewKeyAsync();
        for (var round = 0; round < 5; round++)
        {
            var plan = await host.NewPlanAsync(key, PlanHttp.ThreeBundles);
            var path = "/v1/plans/" + plan["plan_id"];
            var add = """{"credit_bundles":[{"name":"D","cost":"1","credit_amount":"2"}]}""";
            var answers = await Task.WhenAll(host.PatchAsync(key, path, add), host.DeleteAsync(key, path), host.PatchAsync(key, path, add), host.DeleteAsync(key, path));
            answers.Count(answer => answer.Body.TryGetProperty("deleted", out _)).ShouldBe(1);
            answers.ShouldAllBe(answer => answer.Status == 200 || answer.Status == 404);
            (await host.GetAsync(key, path)).Status.ShouldBe(404);
            (await host.GetAsync(key, "/v1/credit_bundles"))["data"].ShouldBe("[]");
        }
    }
}
