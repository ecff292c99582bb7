using System.Net;
using System.Text.RegularExpressions;
using Lava.Service.Admin;
using Lava.Service.Tests.Customers.Portal;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Console.Portal;

/// <summary>A merchant with plans, and customers who open the portal in browsers of their own.</summary>
public sealed class PortalWorld : IAsyncLifetime
{
    public ManagementHost Host { get; } = new();

    public NewMerchant Merchant { get; private set; } = null!;

    public string Key => Merchant.TestKey;

    public string Silver { get; private set; } = "";

    public string Gold { get; private set; } = "";

    /// <summary>A bundle of Silver: 6.00 for 5.00.</summary>
    public string Bundle { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await Host.InitializeAsync();
        Merchant = await Host.NewMerchantAsync(100);
        var silver = await Host.PostAsync(Key, "/v1/plans", """{"name":"Silver","period_amount":"10","billing_interval":"month","included_credit":"10","credit_bundles":[{"name":"Small pack","cost":"5","credit_amount":"6"}]}""");
        (Silver, Bundle) = (silver["plan_id"]!, silver["credit_bundles.0.credit_bundle_id"]!);
        Gold = await Host.NewPlanAsync(Key, "Gold", "25", "30");
    }

    public Task DisposeAsync() => Host.DisposeAsync();

    /// <summary>A customer of a name, with a card or without one.</summary>
    public async Task<string> CustomerAsync(string name, string? card = "pm_card_visa")
    {
        var customer = await Host.NewCustomerAsync(Key, $$"""{"name":"{{name}}","email":"{{name.ToLowerInvariant()}}@example.com"}""");
        if (card is not null) await AddCardAsync(customer, card);
        return customer;
    }

    public Task AddCardAsync(string customer, string card) =>
        Host.PostAsync(Key, "/v1/test_helpers/payment_methods", $$"""{"token":"{{card}}","customer_id":"{{customer}}"}""");

    /// <summary>The path of a fresh link.</summary>
    public async Task<string> LinkAsync(string customer, string members = "") => new Uri((await Host.OpenPortalAsync(Key, customer, members))["url"]!).AbsolutePath;

    /// <summary>A browser in which a link of the customer's was opened.</summary>
    internal async Task<Browser> VisitAsync(string customer, string members = "")
    {
        var browser = new Browser(Host.Address);
        (await browser.GetAsync(await LinkAsync(customer, members))).Response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        return browser;
    }

    /// <summary>The customer's plan and credits, as the merchant sees them.</summary>
    public async Task<(string Plan, string Credits)> StateAsync(string customer)
    {
        var shown = await Host.GetAsync(Key, $"/v1/customers/{customer}/subscription");
        return (shown["subscription.plan.name"]!, shown["subscription.credits.total_remaining"]!);
    }

    /// <summary>The page's text, decoded.</summary>
    internal static async Task<string> TextAsync(Browser browser, string path) => WebUtility.HtmlDecode((await browser.GetAsync(path)).Html);

    /// <summary>The value of a hidden field.</summary>
    public static string Hidden(string html, string name) => WebUtility.HtmlDecode(Regex.Match(html, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value);
}
