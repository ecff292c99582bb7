using System.Net;
using System.Security.Cryptography;
using System.Text;
using Lava.Console.Pages.Webhooks;
using Lava.Service.Admin;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Console;

/// <summary>Settings, the developers' page, and the check of a webhook's signature.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private const string Page = "/console/test/settings";

    private readonly ManagementHost _host = new();
    private NewMerchant _merchant = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _merchant = await _host.NewMerchantAsync(100);
        _browser = new Browser(_host.Address);
        await _browser.SignInAsync(_merchant.TestKey);
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Fallbacks_are_set_in_order_and_cleared()
    {
        await _browser.SubmitAsync(
            Page, Page + "/fallbacks", ("model_0", "claude-sonnet-4-5"), ("provider_0", "anthropic"), ("model_1", ""), ("model_2", "gpt-4o-mini"), ("provider_2", "openai"));
        var set = await _host.GetAsync(_merchant.TestKey, "/v1/account/fallback");
        (set["fallbacks.0.model"], set["fallbacks.0.provider"], set["fallbacks.1.model"]).ShouldBe(("claude-sonnet-4-5", "anthropic", "gpt-4o-mini"));
        (await _browser.GetAsync(Page)).Html.ShouldContain("value=\"claude-sonnet-4-5\"");

        var (refused, html) = await _browser.SubmitAsync(Page, Page + "/fallbacks", ("model_0", "<b>nothing"), ("provider_0", "openai"));
        ((int)refused.StatusCode).ShouldBe(400);
        html.ShouldContain("role=\"alert\"");
        html.ShouldNotContain("<b>nothing");
        (await _host.GetAsync(_merchant.TestKey, "/v1/account/fallback"))["fallbacks.0.model"].ShouldBe("claude-sonnet-4-5");

        await _browser.SubmitAsync(Page, Page + "/fallbacks", ("model_0", ""));
        (await _host.GetAsync(_merchant.TestKey, "/v1/account/fallback"))["fallbacks"].ShouldBeNull();
    }

    [Fact]
    public async Task Provider_keys_are_stored_never_shown_and_deleted()
    {
        await _browser.SubmitAsync(Page, Page + "/provider-keys", ("provider", "openai"), ("keys", "sk-first-000000000000000000001111\r\n\r\nsk-second-00000000000000000002222"));
        var stored = await _host.GetAsync(_merchant.TestKey, "/v1/provider_keys/openai");
        (stored["key_previews.0"], stored["key_previews.1"]).ShouldBe(("1111", "2222"));
        var html = (await _browser.GetAsync(Page)).Html;
        html.ShouldContain("2222");
        html.ShouldNotContain("sk-first");

        var (refused, why) = await _browser.SubmitAsync(Page, Page + "/provider-keys", ("provider", "openai"), ("keys", "sk-third-3333 with blanks"));
        ((int)refused.StatusCode).ShouldBe(400);
        why.ShouldNotContain("sk-third");

        await _browser.SubmitAsync(Page, Page + "/provider-keys/delete", ("provider", "openai"));
        (await _host.GetAsync(_merchant.TestKey, "/v1/provider_keys/openai")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Quick_starts_have_the_servers_own_address_and_no_key()
    {
        var html = WebUtility.HtmlDecode((await _browser.GetAsync("/console/test/developers")).Html);
        html.ShouldContain($"curl {_host.Address.AbsoluteUri.TrimEnd('/')}/v1/chat/completions");
        html.ShouldContain("from '@lavapayments/nodejs'");
        html.ShouldNotContain(_merchant.TestKey);
    }

    [Fact]
    public async Task A_signature_is_checked_and_the_secret_not_written_back()
    {
        var webhook = await _host.PostAsync(_merchant.TestKey, "/v1/webhooks", """{"name":"Billing","url":"https://example.com/lava"}""");
        var path = "/console/test/webhooks/" + webhook["webhook_id"];
        var (secret, body) = (webhook["webhook_secret"]!, """{"event":"x"}""");
        var seconds = _host.Clock.GetUtcNow().ToUnixTimeSeconds();
        var header = $"t={seconds},v1={Hmac(secret, $"{seconds}.{body}")}";
        var (_, right) = await _browser.SubmitAsync(path, path + "/check", ("secret", secret), ("signature", header), ("body", body));
        right.ShouldContain("The signature is right, and made within");
        right.ShouldNotContain(secret);
        var (_, wrong) = await _browser.SubmitAsync(path, path + "/check", ("secret", secret), ("signature", header), ("body", body + "<b>"));
        wrong.ShouldContain("The signature is not of this secret and body");
        wrong.ShouldNotContain("<b>");
    }

    [Fact]
    public void A_signature_of_either_form_is_judged_as_a_receiver_does()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        Judge(Hmac("s", "body")).ShouldBeTrue();
        Judge($"t=1800000000,v1={Hmac("old", "1800000000.body")},v1={Hmac("s", "1800000000.body")}").ShouldBeTrue();
        Judge($"t=1800000001,v1={Hmac("s", "1800000000.body")}").ShouldBeFalse();
        Judge($"v1={Hmac("s", "body")}").ShouldBeFalse();
        Judge("t=99999999999999999,v1=x").ShouldBeFalse();
        SignatureCheck.Run("s", $"t=1799990000,v1={Hmac("s", "1799990000.body")}", "body", now).Text.ShouldContain("older than five minutes");

        bool Judge(string header) => SignatureCheck.Run("s", header, "body", now).IsRight;
    }

    private static string Hmac(string secret, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));
}
