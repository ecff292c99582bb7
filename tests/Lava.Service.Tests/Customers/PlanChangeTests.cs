using Lava.Service.Tests.Customers.Checkout;
using Lava.Service.Tests.Customers.Portal;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Customers;

/// <summary>Plans changed and credits bought with the customer's card, without a checkout.</summary>
public sealed class PlanChangeTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private const string Card = "pm_card_visa";

    [Fact]
    public async Task A_more_expensive_plan_is_paid_in_full_and_begins_at_once()
    {
        var (key, customer, id) = await NewAsync(Card);
        var (silver, gold) = (await host.NewPlanAsync(key, "Silver", "10"), await host.NewPlanAsync(key, "Gold", "25.50", "30"));
        (await ChangeAsync(key, id, silver))["status"].ShouldBe("completed");

        // A moment later, so that the payments have an order.
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var done = await ChangeAsync(key, id, gold, "\"expected_amount\":\"25.50\"");

        (done.Status, done["status"], done["subscription.plan.name"], done["subscription.pending_change"]).ShouldBe((200, "completed", "Gold", null));
        done["payment_id"]!.ShouldStartWith("pay_test_");
        var payments = await host.GetAsync(key, $"/v1/customers/{customer}/payments");
        (payments["data.0.amount"], payments["data.1.amount"], payments["data.0.purpose"]).ShouldBe(("25.50", "10.00", "subscription"));

        // The Free plan's 0 and Silver's 10.00 end with their cycles.
        (await host.CreditsAsync(key, customer)).ShouldBe("30.00");
        done["subscription.cycle_start_at"]!.ShouldStartWith(host.Clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_cheaper_plan_waits_for_the_cycle_and_the_own_plan_takes_that_back()
    {
        var (key, customer, id) = await NewAsync(Card);
        var (silver, gold) = (await host.NewPlanAsync(key, "Silver", "10"), await host.NewPlanAsync(key, "Gold", "25"));
        await ChangeAsync(key, id, gold);

        var down = await ChangeAsync(key, id, silver);
        (down["status"], down["subscription.plan.name"], down["subscription.pending_change.name"]).ShouldBe(("scheduled", "Gold", "Silver"));
        down.Body.TryGetProperty("payment_id", out _).ShouldBeFalse();
        var free = await ChangeAsync(key, id, (await FreePlanAsync(key))!);
        (free["status"], free["subscription.pending_change.type"], free["subscription.pending_change.period_amount"]).ShouldBe(("scheduled", "downgrade", "0.00"));

        var kept = await ChangeAsync(key, id, gold);
        (kept["status"], kept["subscription.pending_change"]).ShouldBe(("completed", null));
        (await ChangeAsync(key, id, gold)).Code.ShouldBe("already_subscribed");
        await host.DeleteAsync(key, "/v1/subscriptions/" + id);
        (await ChangeAsync(key, id, gold))["subscription.pending_change"].ShouldBeNull("a cancellation is taken back");
        (await host.GetAsync(key, $"/v1/customers/{customer}/payments")).Body.GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task One_free_plan_follows_another_at_once_and_a_paid_one_that_is_overdue_is_not_left_for_it()
    {
        var key = await host.NewKeyAsync();
        var clock = (await host.PostAsync(key, "/v1/test_clocks", """{"frozen_time":"2027-01-01T00:00:00Z"}"""))["test_clock_id"]!;
        var customer = await host.NewCustomerAsync(key, $$"""{"test_clock_id":"{{clock}}"}""");
        var id = await host.SubscriptionOfAsync(key, customer);
        var (other, gold) = (await host.NewPlanAsync(key, "Trial", "0", "3"), await host.NewPlanAsync(key, "Gold", "25"));

        var free = await ChangeAsync(key, id, other);
        (free["status"], free["subscription.plan.name"]).ShouldBe(("completed", "Trial"));

        await host.PostAsync(key, "/v1/test_helpers/payment_methods", $$"""{"token":"{{Card}}","customer_id":"{{customer}}"}""");
        await ChangeAsync(key, id, gold);
        var card = (await host.GetAsync(key, $"/v1/customers/{customer}/payment_methods"))["data.0.payment_method_id"]!;
        (await host.DeleteAsync(key, $"/v1/customers/{customer}/payment_methods/{card}")).Status.ShouldBe(200);
        await host.PostAsync(key, $"/v1/test_clocks/{clock}/advance", """{"frozen_time":"2027-02-02T00:00:00Z"}""");
        await WaitAsync(key, clock);

        (await host.GetAsync(key, $"/v1/customers/{customer}/subscription"))["subscription.status"].ShouldBe("past_due");
        (await ChangeAsync(key, id, other)).Code.ShouldBe("subscription_past_due");
        (await host.GetAsync(key, $"/v1/customers/{customer}/subscription"))["subscription.status"].ShouldBe("past_due");
    }

    [Fact]
    public async Task Nobody_pays_another_price_than_was_shown()
    {
        var (key, customer, id) = await NewAsync(Card);
        var (plan, bundle) = await host.NewPaidPlanAsync(key);

        var changed = await ChangeAsync(key, id, plan, "\"expected_amount\":\"24.99\"");
        (changed.Status, changed.Code).ShouldBe((409, "price_changed"));
        (await ChangeAsync(key, id, plan, "\"expected_amount\":25"))["status"].ShouldBe("completed");
        (await BuyAsync(key, id, bundle, "\"expected_amount\":\"4\"")).Code.ShouldBe("price_changed");
        (await BuyAsync(key, id, bundle, "\"expected_amount\":\"5.00\""))["status"].ShouldBe("completed");

        // 20.00 of the plan and 6.00 of the bundle.
        (await host.CreditsAsync(key, customer)).ShouldBe("26.00");
    }

    [Fact]
    public async Task A_bank_that_asks_is_answered_on_its_page_and_then_it_is_done()
    {
        var (key, customer, id) = await NewAsync("pm_card_authenticationRequired");
        var (plan, bundle) = await host.NewPaidPlanAsync(key);

        var asked = await ChangeAsync(key, id, plan, "\"return_url\":\"https://shop.example/back\"");
        (asked["status"], asked["subscription.plan.name"]).ShouldBe(("requires_action", "Free"));
        var (status, _, location) = await CheckoutHttp.SendAsync(new Uri(asked["redirect_url"]!), "result=complete");
        (status, location!.AbsoluteUri).ShouldBe((303, "https://shop.example/back"));
        (await host.GetAsync(key, $"/v1/customers/{customer}/subscription"))["subscription.plan.name"].ShouldBe("Gold");

        var again = await BuyAsync(key, id, bundle, "\"return_url\":\"https://shop.example/back\"");
        await CheckoutHttp.SendAsync(new Uri(again["redirect_url"]!), "result=fail");
        (await host.CreditsAsync(key, customer)).ShouldBe("20.00");
        (await BuyAsync(key, id, bundle)).Code.ShouldBe("payment_declined", "without a way back nobody can be asked");
    }

    [Fact]
    public async Task Without_a_card_nothing_changes_and_subscriptions_of_others_are_not_found()
    {
        var (key, customer, id) = await NewAsync(null);
        var (plan, bundle) = await host.NewPaidPlanAsync(key);
        (await ChangeAsync(key, id, plan)).Code.ShouldBe("payment_declined");
        (await host.GetAsync(key, $"/v1/customers/{customer}/subscription"))["subscription.plan.name"].ShouldBe("Free");
        (await BuyAsync(key, id, bundle)).Code.ShouldBe("bundle_not_in_plan");
        (await ChangeAsync(key, id, "sc_test_unknown")).Code.ShouldBe("plan_not_found");
        (await BuyAsync(key, id, "cb_test_unknown")).Code.ShouldBe("credit_bundle_not_found");
        (await ChangeAsync(key, id, plan, "\"plan\":\"x\"")).Issues.ShouldBe(["plan"]);
        var stranger = await host.NewKeyAsync();
        (await ChangeAsync(stranger, id, plan)).Code.ShouldBe("subscription_not_found");
        (await BuyAsync(stranger, id, bundle)).Code.ShouldBe("subscription_not_found");
    }

    [Fact]
    public async Task A_subscription_that_has_ended_is_not_changed_in_the_place_of_the_one_that_follows()
    {
        var (key, customer, id) = await NewAsync(Card);
        var (plan, _) = await host.NewPaidPlanAsync(key);
        await host.DeleteAsync(key, "/v1/customers/" + customer);
        (await ChangeAsync(key, id, plan)).Code.ShouldBe("subscription_not_found");
    }

    [Fact]
    public async Task Cards_of_a_customer_are_listed_chosen_and_removed_and_no_other_customers_are()
    {
        var (key, customer, _) = await NewAsync(Card);
        var other = await host.NewCustomerAsync(key);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await host.PostAsync(key, "/v1/test_helpers/payment_methods", $$"""{"token":"pm_card_mastercard","customer_id":"{{customer}}"}""");

        var cards = await host.GetAsync(key, $"/v1/customers/{customer}/payment_methods");
        (cards["data.0.brand"], cards["data.0.is_default"], cards["data.1.brand"], cards["data.1.is_default"]).ShouldBe(("mastercard", "false", "visa", "true"));
        var (second, first) = (cards["data.0.payment_method_id"]!, cards["data.1.payment_method_id"]!);
        (await host.PostAsync(key, $"/v1/customers/{other}/default_payment_method", $$"""{"payment_method_id":"{{second}}"}""")).Code.ShouldBe("payment_method_not_found");
        (await host.DeleteAsync(key, $"/v1/customers/{other}/payment_methods/{second}")).Code.ShouldBe("payment_method_not_found");
        (await host.PostAsync(key, $"/v1/customers/{customer}/default_payment_method", $$"""{"payment_method_id":"{{second}}"}""")).Status.ShouldBe(200);
        (await host.DeleteAsync(key, $"/v1/customers/{customer}/payment_methods/{first}"))["deleted"].ShouldBe("true");

        var left = await host.GetAsync(key, $"/v1/customers/{customer}/payment_methods");
        left.Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        (left["data.0.payment_method_id"], left["data.0.is_default"]).ShouldBe((second, "true"));
        (await host.GetAsync(key, $"/v1/customers/{other}/payment_methods")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await host.GetAsync(await host.NewKeyAsync(), $"/v1/customers/{customer}/payment_methods")).Code.ShouldBe("customer_not_found");
        (await host.PostAsync(key, $"/v1/customers/{customer}/default_payment_method", "{}")).Issues.ShouldBe(["payment_method_id"]);
    }

    private async Task<(string Key, string Customer, string Subscription)> NewAsync(string? card)
    {
        var key = await host.NewKeyAsync();
        var customer = await host.NewCustomerAsync(key);
        if (card is not null) await host.PostAsync(key, "/v1/test_helpers/payment_methods", $$"""{"token":"{{card}}","customer_id":"{{customer}}"}""");
        return (key, customer, await host.SubscriptionOfAsync(key, customer));
    }

    private async Task<string?> FreePlanAsync(string key) =>
        (await host.GetAsync(key, "/v1/plans?limit=100")).Body.GetProperty("data").EnumerateArray()
            .First(plan => plan.GetProperty("name").GetString() == "Free").GetProperty("plan_id").GetString();

    private async Task WaitAsync(string key, string clock)
    {
        for (var i = 0; i < 100 && (await host.GetAsync(key, "/v1/test_clocks/" + clock))["status"] != "ready"; i++) await Task.Delay(50);
    }

    private Task<Answer> ChangeAsync(string key, string subscription, string plan, string members = "") =>
        host.PostAsync(key, $"/v1/subscriptions/{subscription}/plan", $$"""{"plan_id":"{{plan}}"{{(members.Length > 0 ? "," + members : "")}}}""");

    private Task<Answer> BuyAsync(string key, string subscription, string bundle, string members = "") =>
        host.PostAsync(key, $"/v1/subscriptions/{subscription}/credit_bundles", $$"""{"credit_bundle_id":"{{bundle}}"{{(members.Length > 0 ? "," + members : "")}}}""");
}
