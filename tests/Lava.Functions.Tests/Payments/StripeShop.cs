using System.Text;
using System.Text.Json;
using Lava.Functions.Http;
using Lava.Service.Admin;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Functions.Tests.Payments;

/// <summary>A merchant in live mode on the head as it is composed for Stripe, and a customer's browser on the checkout's page.</summary>
internal sealed class StripeShop : IAsyncDisposable
{
    private readonly string _key;

    private StripeShop(ServiceProvider services, string key, string merchant) => (Services, _key, MerchantId) = (services, key, merchant);

    public ServiceProvider Services { get; }

    public string MerchantId { get; }

    public static async Task<StripeShop> OpenAsync(StripeWorld world, params KeyValuePair<string, string?>[] settings)
    {
        var services = world.Head([new("Stripe:ApiKeySecret", "stripe-api-key"), new("Stripe:ApiBase", world.Stripe.Address.AbsoluteUri), new("WEBSITE_HOSTNAME", "lava.example"), .. settings]);
        var made = await services.GetRequiredService<MerchantCreation>().CreateAsync("A merchant", 0, 0, default);
        return new StripeShop(services, made.LiveKey, made.Merchant.Id);
    }

    public ValueTask DisposeAsync() => Services.DisposeAsync();

    /// <summary>Begins a checkout of a new plan and returns its page.</summary>
    public async Task<string> BeginAsync(string? customer = null)
    {
        var plan = JsonElement.Parse((await SendAsync("POST", "/v1/plans", """{"name":"Gold","period_amount":"25","billing_interval":"month","included_credit":"20"}""", "application/json")).Body).GetProperty("plan_id").GetString();
        var whose = customer is null ? "" : $",\"customer_id\":\"{customer}\"";
        var begun = await SendAsync("POST", "/v1/checkout_sessions", $$"""{"origin_url":"https://shop.example/buy","checkout_mode":"subscription","plan_id":"{{plan}}"{{whose}}}""", "application/json");
        var token = JsonElement.Parse(Convert.FromBase64String(JsonElement.Parse(begun.Body).GetProperty("checkout_session_token").GetString()!));
        return "/embed/checkout/" + token.GetProperty("secret").GetString();
    }

    public async Task<(int Status, string Body, string? Location, string? Policy)> SendAsync(string method, string path, string? body = null, string type = "application/x-www-form-urlencoded")
    {
        var http = new DefaultHttpContext { RequestServices = Services };
        (http.Request.Method, http.Request.Path, http.Request.Scheme, http.Request.Host) = (method, path.Split('?')[0], "https", new HostString("lava.example"));
        if (path.Contains('?', StringComparison.Ordinal)) http.Request.QueryString = new QueryString(path[path.IndexOf('?', StringComparison.Ordinal)..]);
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        (http.Request.Body, http.Request.ContentLength, http.Request.ContentType) = (new MemoryStream(bytes), bytes.Length, body is null ? null : type);
        if (path.StartsWith("/v1/", StringComparison.Ordinal)) http.Request.Headers.Authorization = "Bearer " + _key;
        var answer = new MemoryStream();
        http.Response.Body = answer;
        await Services.GetRequiredService<InnerPipeline>().RunAsync(http.Request);
        return (http.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()), http.Response.Headers.Location, http.Response.Headers.ContentSecurityPolicy);
    }
}
