using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Customers.Portal;

/// <summary>Links to the portal, as a merchant's server makes them.</summary>
internal static class PortalHttp
{
    /// <summary>Makes a link for a customer.</summary>
    public static Task<Answer> OpenPortalAsync(this ManagementHost host, string key, string customer, string members = "") =>
        host.PostAsync(key, "/v1/portal_sessions", $$"""{"customer_id":"{{customer}}","return_url":"https://shop.example/account"{{(members.Length > 0 ? "," + members : "")}}}""");

    /// <summary>The id of the customer's subscription.</summary>
    public static async Task<string> SubscriptionOfAsync(this ManagementHost host, string key, string customer) =>
        (await host.GetAsync(key, $"/v1/customers/{customer}/subscription"))["subscription.subscription_id"]!;

    /// <summary>A plan of its own price without bundles.</summary>
    public static async Task<string> NewPlanAsync(this ManagementHost host, string key, string name, string price, string credit = "10") =>
        (await host.PostAsync(key, "/v1/plans", $$"""{"name":"{{name}}","period_amount":"{{price}}","billing_interval":"month","included_credit":"{{credit}}"}"""))["plan_id"]!;
}
