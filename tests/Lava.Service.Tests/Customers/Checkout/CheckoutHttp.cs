using System.Text;
using System.Text.Json;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Customers.Checkout;

/// <summary>Checkouts over HTTP: a merchant's calls, and a browser that sends the page's form.</summary>
internal static class CheckoutHttp
{
    private static readonly HttpClient Browser = new(new HttpClientHandler { AllowAutoRedirect = false });

    /// <summary>Makes a paid plan with one bundle.</summary>
    public static async Task<(string Plan, string Bundle)> NewPaidPlanAsync(this ManagementHost host, string key, string price = "25")
    {
        var plan = await host.PostAsync(key, "/v1/plans", $$"""{"name":"Gold","period_amount":"{{price}}","billing_interval":"month","included_credit":"20","credit_bundles":[{"name":"Small","cost":"5","credit_amount":"6"}]}""");
        return (plan["plan_id"]!, plan["credit_bundles.0.credit_bundle_id"]!);
    }

    public static Task<Answer> BeginAsync(this ManagementHost host, string key, string members) =>
        host.PostAsync(key, "/v1/checkout_sessions", $$"""{"origin_url":"https://shop.example/buy",{{members}}}""");

    public static Task<Answer> SubscribeAsync(this ManagementHost host, string key, string plan, string? customer = null) =>
        host.BeginAsync(key, $"\"checkout_mode\":\"subscription\",\"plan_id\":\"{plan}\"" + (customer is null ? "" : $",\"customer_id\":\"{customer}\""));

    public static Task<Answer> BuyAsync(this ManagementHost host, string key, string bundle, string customer) =>
        host.BeginAsync(key, $"\"checkout_mode\":\"credit_bundle\",\"credit_bundle_id\":\"{bundle}\",\"customer_id\":\"{customer}\"");

    /// <summary>The page of a session just made.</summary>
    public static Uri Page(this ManagementHost host, Answer session)
    {
        var token = JsonElement.Parse(Convert.FromBase64String(session["checkout_session_token"]!));
        return new Uri(host.Address, "embed/checkout/" + token.GetProperty("secret").GetString());
    }

    public static async Task<(int Status, string Body, HttpResponseMessage Answer)> ShowAsync(Uri page)
    {
        var answer = await Browser.GetAsync(page);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer);
    }

    public static async Task<(int Status, string Body, Uri? Location)> SendAsync(Uri page, string form, string type = "application/x-www-form-urlencoded")
    {
        using var answer = await Browser.PostAsync(page, new StringContent(form, Encoding.UTF8, type));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location);
    }

    public static async Task<string> CreditsAsync(this ManagementHost host, string key, string customer) =>
        (await host.GetAsync(key, $"/v1/customers/{customer}/subscription"))["subscription.credits.total_remaining"]!;

    /// <summary>A customer on the plan, with a card.</summary>
    public static async Task<string> NewSubscriberAsync(this ManagementHost host, string key, string plan)
    {
        var customer = await host.NewCustomerAsync(key);
        await host.PostAsync(key, "/v1/test_helpers/payment_methods", $$"""{"token":"pm_card_visa","customer_id":"{{customer}}"}""");
        (await host.PostAsync(key, "/v1/test_helpers/subscriptions", $$"""{"customer_id":"{{customer}}","plan_id":"{{plan}}"}""")).Status.ShouldBe(201);
        return customer;
    }
}
