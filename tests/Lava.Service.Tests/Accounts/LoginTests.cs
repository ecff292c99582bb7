using System.Web;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Accounts;

public sealed class LoginTests(ManagementHost host) : IClassFixture<ManagementHost>, IDisposable
{
    private const string State = "0123456789abcdef0123456789abcdef";

    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false });

    public void Dispose() => _browser.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("state=" + State)]
    [InlineData("port=4000")]
    [InlineData("state=short&port=4000")]
    [InlineData("state=0123456789\"><script>&port=4000")]
    [InlineData("state=" + State + "&port=80")]
    [InlineData("state=" + State + "&port=65536")]
    [InlineData("state=" + State + "&port=4000@evil.example")]
    [InlineData("state=" + State + "&port=-1")]
    public async Task A_request_that_is_not_whole_is_turned_away(string query)
    {
        using var shown = await _browser.GetAsync(new Uri(host.Address, "auth/connect?" + query));
        ((int)shown.StatusCode).ShouldBe(400);
        (await shown.Content.ReadAsStringAsync()).ShouldNotContain("<form");
        (await SendAsync(query + "&secret_key=" + await host.NewKeyAsync())).Status.ShouldBe(400);
    }

    [Fact]
    public async Task The_code_is_worth_a_key_of_the_merchant_once_within_60_seconds()
    {
        var merchant = await host.NewMerchantAsync();
        var code = await CodeAsync(merchant.TestKey);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ExchangeAsync(code)));
        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        answers.Where(answer => answer.Status != 200).ShouldAllBe(answer => answer.Code == "auth_code_invalid");
        var made = answers.Single(answer => answer.Status == 200);
        (made["merchant_id"], made["wallet_id"]).ShouldBe((merchant.Merchant.Id, merchant.Merchant.TestWalletId));
        (await host.GetAsync(made["secret_key"]!, "/v1/wallet"))["wallet_id"].ShouldBe(merchant.Merchant.TestWalletId);
        (await host.GetAsync(merchant.TestKey, "/v1/secret_keys")).Body.GetProperty("data").EnumerateArray().ShouldContain(key => key.GetProperty("secret_key_id").GetString() == made["secret_key_id"]);

        var late = await CodeAsync(merchant.TestKey);
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        (await ExchangeAsync(late)).Code.ShouldBe("auth_code_invalid");
        (await ExchangeAsync("nonsense")).Code.ShouldBe("auth_code_invalid");
    }

    [Fact]
    public async Task A_live_key_lets_in_for_live_mode()
    {
        var merchant = await host.NewMerchantAsync();
        var made = await ExchangeAsync(await CodeAsync(merchant.LiveKey));
        made["wallet_id"].ShouldBe(merchant.Merchant.LiveWalletId);
        made["secret_key"]!.ShouldStartWith("aks_live_");
    }

    [Fact]
    public async Task Who_has_no_key_gets_no_code_and_the_browser_is_sent_to_this_computer_only()
    {
        var refused = await SendAsync($"state={State}&port=4000&secret_key=aks_test_unknown_unknown");
        (refused.Status, refused.Location).ShouldBe((401, null));
        refused.Body.ShouldNotContain("unknown_unknown");
        var key = await host.NewKeyAsync();
        var sent = await SendAsync($"state={State}&port=4000&secret_key={key}");
        sent.Status.ShouldBe(303);
        sent.Location!.GetLeftPart(UriPartial.Path).ShouldBe("http://127.0.0.1:4000/callback");
        sent.Location.Query.ShouldNotContain(key);
        HttpUtility.ParseQueryString(sent.Location.Query)["state"].ShouldBe(State);
    }

    private async Task<string> CodeAsync(string key) => HttpUtility.ParseQueryString((await SendAsync($"state={State}&port=4000&secret_key={key}")).Location!.Query)["code"]!;

    private Task<Answer> ExchangeAsync(string code) => host.PostAsync("", "/v1/auth/callback", $$"""{"code":"{{code}}"}""");

    private async Task<(int Status, string Body, Uri? Location)> SendAsync(string form)
    {
        using var answer = await _browser.PostAsync(new Uri(host.Address, "auth/connect"), new StringContent(form, null, "application/x-www-form-urlencoded"));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location);
    }
}
