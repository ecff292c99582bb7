using System.Text;
using System.Text.Json;
using Lava.Functions.Http;
using Lava.Service.Merchants;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Functions.Tests.Payments;

/// <summary>A checkout in live mode, its cards given on Stripe's page and its bank on a page of its own.</summary>
public sealed class StripeCheckoutTests : IClassFixture<StripeWorld>, IAsyncLifetime
{
    private readonly StripeWorld _world;
    private readonly ServiceProvider _services;
    private string _key = "";
    private string _merchant = "";

    public StripeCheckoutTests(StripeWorld world)
    {
        _world = world;
        _services = world.Head([new("Stripe:ApiKeySecret", "stripe-api-key"), new("Stripe:ApiBase", world.Stripe.Address.AbsoluteUri), new("WEBSITE_HOSTNAME", "lava.example")]);
    }

    public async Task InitializeAsync()
    {
        var made = await _services.GetRequiredService<MerchantStore>().CreateAsync("A merchant", 0, 0, default);
        (_key, _merchant) = (made.LiveKey, made.Merchant.Id);
    }

    public async Task DisposeAsync() => await _services.DisposeAsync();

    [Theory]
    [InlineData("pm_card_visa", false)]
    [InlineData("pm_card_authenticationRequired", true)]
    public async Task A_new_customer_gives_a_card_on_Stripes_page_and_pays_with_it(string token, bool isAuthenticated)
    {
        var page = await BeginAsync();
        var first = await SendAsync("GET", page);
        first.Body.ShouldContain("Give a card");
        first.Body.ShouldNotContain("name=\"number\"");
        first.Body.ShouldNotContain("class=\"pay\"");

        // A number that somebody sends all the same is none of ours to take.
        (await SendAsync("POST", page, "email=ada@example.com&number=4242424242424242")).Status.ShouldBe(400);
        (await SendAsync("POST", page, "new_card=1")).Body.ShouldContain("e-mail address is needed");
        _world.Stripe.Objects.All("customer").ShouldAllBe(customer => (string?)customer["metadata"]!["lava_merchant"] != _merchant);

        var leaving = await SendAsync("POST", page, "email=ada@example.com&new_card=1");
        leaving.Status.ShouldBe(200);
        var session = _world.Stripe.Objects.All("checkout.session")[^1];
        leaving.Body.ShouldContain($"href=\"{session["url"]}\"");
        ((string?)session["success_url"]).ShouldBe($"https://lava.example{page}?setup_id={{CHECKOUT_SESSION_ID}}");
        _world.Stripe.Objects.GiveCard((string)session["id"]!, token);

        var back = await SendAsync("GET", page);
        back.Body.ShouldContain("class=\"pay\"");
        back.Body.ShouldContain("•••• 4242");
        var card = _world.Stripe.Objects.All("payment_method")[^1]["id"];
        var paid = await SendAsync("POST", page, $"card={card}");
        (paid.Status, paid.Location).ShouldBe((303, "https://lava.example" + page));
        if (isAuthenticated)
        {
            // Not sent to the bank by the form, which the page's own rule would forbid: it is linked.
            var waiting = await SendAsync("GET", page);
            var url = (string)_world.Stripe.Objects.All("payment_intent")[^1]["next_action"]!["redirect_to_url"]!["url"]!;
            waiting.Body.ShouldContain($"href=\"{url}\" target=\"_blank\" rel=\"noopener\"");
            _world.Stripe.Objects.Authenticate(new Uri(url), true);
        }

        (await SendAsync("GET", page)).Body.ShouldContain("Thank you");
        _world.Stripe.Objects.All("payment_intent").Count(intent => (string?)intent["payment_method"] == (string?)card && (string?)intent["status"] == "succeeded").ShouldBe(1);
    }

    private async Task<string> BeginAsync()
    {
        var plan = JsonElement.Parse((await SendAsync("POST", "/v1/plans", """{"name":"Gold","period_amount":"25","billing_interval":"month","included_credit":"20"}""", "application/json")).Body).GetProperty("plan_id").GetString();
        var begun = await SendAsync("POST", "/v1/checkout_sessions", $$"""{"origin_url":"https://shop.example/buy","checkout_mode":"subscription","plan_id":"{{plan}}"}""", "application/json");
        var token = JsonElement.Parse(Convert.FromBase64String(JsonElement.Parse(begun.Body).GetProperty("checkout_session_token").GetString()!));
        return "/embed/checkout/" + token.GetProperty("secret").GetString();
    }

    private async Task<(int Status, string Body, string? Location)> SendAsync(string method, string path, string? body = null, string type = "application/x-www-form-urlencoded")
    {
        var http = new DefaultHttpContext { RequestServices = _services };
        (http.Request.Method, http.Request.Path, http.Request.Scheme, http.Request.Host) = (method, path, "https", new HostString("lava.example"));
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        (http.Request.Body, http.Request.ContentLength, http.Request.ContentType) = (new MemoryStream(bytes), bytes.Length, body is null ? null : type);
        if (path.StartsWith("/v1/", StringComparison.Ordinal)) http.Request.Headers.Authorization = "Bearer " + _key;
        var answer = new MemoryStream();
        http.Response.Body = answer;
        await _services.GetRequiredService<InnerPipeline>().RunAsync(http.Request);
        return (http.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()), http.Response.Headers.Location);
    }
}
