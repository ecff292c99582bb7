using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Customers.Checkout;

public sealed class CheckoutSessionTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Theory]
    [InlineData("""{}""", "checkout_mode,origin_url")]
    [InlineData("""{"checkout_mode":"onboarding","origin_url":"https://shop.example"}""", "checkout_mode")]
    [InlineData("""{"checkout_mode":"topup","origin_url":"https://shop.example"}""", "checkout_mode")]
    [InlineData("""{"checkout_mode":"subscription","origin_url":"https://shop.example"}""", "plan_id")]
    [InlineData("""{"checkout_mode":"credit_bundle","origin_url":"https://shop.example"}""", "customer_id,credit_bundle_id")]
    [InlineData("""{"checkout_mode":"subscription","plan_id":"x","origin_url":"shop.example"}""", "origin_url")]
    [InlineData("""{"checkout_mode":"subscription","plan_id":"x","origin_url":"javascript:alert(1)"}""", "origin_url")]
    [InlineData("""{"checkout_mode":"subscription","plan_id":"x","origin_url":"https://user:secret@shop.example"}""", "origin_url")]
    [InlineData("""{"checkout_mode":"subscription","plan_id":"x","origin_url":"https://shop.example; frame-ancestors *"}""", "origin_url")]
    [InlineData("""{"checkout_mode":"subscription","plan_id":7,"origin_url":"https://shop.example"}""", "plan_id")]
    public async Task A_wrong_member_is_named(string body, string issues)
    {
        var answer = await host.PostAsync(await host.NewKeyAsync(), "/v1/checkout_sessions", body);
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
        answer.Issues.ShouldBe(issues.Split(','));
    }

    [Fact]
    public async Task What_cannot_be_sold_is_refused()
    {
        var merchant = await host.NewMerchantAsync();
        var key = merchant.TestKey;
        var (plan, bundle) = await host.NewPaidPlanAsync(key);
        var customer = await host.NewCustomerAsync(key);
        (await host.SubscribeAsync(key, "sc_test_unknown")).Code.ShouldBe("plan_not_found");
        (await host.SubscribeAsync(key, plan, "con_test_unknown")).Code.ShouldBe("customer_not_found");
        (await host.BuyAsync(key, "cb_test_unknown", customer)).Code.ShouldBe("credit_bundle_not_found");
        (await host.BuyAsync(key, bundle, customer)).Code.ShouldBe("bundle_not_in_plan");
        (await host.SubscribeAsync(key, merchant.Merchant.TestPlanId)).Issues.ShouldBe(["plan_id"]);
        (await host.SubscribeAsync(merchant.LiveKey, plan)).Code.ShouldBe("payments_not_configured");
        await host.DeleteAsync(key, "/v1/plans/" + plan);
        (await host.SubscribeAsync(key, plan)).Code.ShouldBe("plan_not_found");
    }

    [Fact]
    public async Task A_session_is_read_by_its_merchant_alone_without_its_token()
    {
        var merchant = await host.NewMerchantAsync();
        var (plan, _) = await host.NewPaidPlanAsync(merchant.TestKey);
        var session = await host.SubscribeAsync(merchant.TestKey, plan);
        session.Status.ShouldBe(201);
        session.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["checkout_session_id", "checkout_session_token", "checkout_mode", "origin_url", "plan_id", "created_at"]);
        var path = "/v1/checkout_sessions/" + session["checkout_session_id"];
        (await host.GetAsync(merchant.TestKey, path)).Body.EnumerateObject().Select(member => member.Name).ShouldBe(["checkout_session_id", "checkout_mode", "origin_url", "plan_id", "created_at"]);
        foreach (var stranger in new[] { merchant.LiveKey, await host.NewKeyAsync() }) (await host.GetAsync(stranger, path)).Code.ShouldBe("checkout_session_not_found");
    }

    [Fact]
    public async Task Stored_is_only_the_hash_of_the_secret_also_while_a_bank_is_asked()
    {
        var key = await host.NewKeyAsync();
        var (plan, _) = await host.NewPaidPlanAsync(key);
        var page = host.Page(await host.SubscribeAsync(key, plan));
        var secret = page.Segments[^1];
        var (_, _, bank) = await CheckoutHttp.SendAsync(page, "email=ada@example.com&number=4000002760003184");
        var authentication = bank!.OriginalString.Split('/')[^1];
        authentication.Length.ShouldBe(64);
        var isReturnKept = false;
        foreach (var file in Directory.GetFiles(host.Folder, "lava.db*"))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = new MemoryStream();
            await open.CopyToAsync(copy);
            var text = System.Text.Encoding.Latin1.GetString(copy.ToArray());
            foreach (var absent in new[] { secret, authentication }) text.Contains(absent, StringComparison.Ordinal).ShouldBeFalse();
            isReturnKept |= text.Contains("embed/checkout/return/csr_", StringComparison.Ordinal);
        }

        // What is kept for the bank leads to the page that only says how far the checkout is.
        isReturnKept.ShouldBeTrue();
    }
}
