using Lava.Console;
using Lava.Core.Keys;
using Lava.Service.Accounts.Login;
using Lava.Service.Admin;
using Lava.Service.Hosting;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Console;

/// <summary>Who is let in to the console, for how long, and to what.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private readonly ManagementHost _host = new();
    private NewMerchant _merchant = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _merchant = await _host.NewMerchantAsync(100);
        _browser = new Browser(_host.Address);
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_link_signs_in_once_to_both_modes_and_leaves_the_address_at_once()
    {
        var link = await LinkAsync();

        var (entered, _) = await _browser.GetAsync(link);
        using var other = new Browser(_host.Address);
        var (again, _) = await other.GetAsync(link);

        ((int)entered.StatusCode).ShouldBe(303);
        entered.Headers.Location!.ToString().ShouldBe("/console/test");
        (await StatusAsync("/console/test")).ShouldBe(200);
        (await StatusAsync("/console/live")).ShouldBe(200);
        again.Headers.Location!.ToString().ShouldBe("/console/sign-in?used=1");
        again.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task A_link_is_good_for_ten_minutes()
    {
        var (late, timely) = (await LinkAsync(), await LinkAsync());
        _host.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        (await _browser.GetAsync(timely)).Response.Headers.Location!.ToString().ShouldBe("/console/test");
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await _browser.GetAsync(late)).Response.Headers.Location!.ToString().ShouldBe("/console/sign-in?used=1");
    }

    [Fact]
    public async Task A_code_for_a_program_opens_no_console_and_a_links_code_makes_no_key()
    {
        var codes = _host.Services.GetRequiredService<LoginCodes>();
        var tenant = new Tenant(_merchant.Merchant.Id, Mode.Test);
        var program = await codes.CreateAsync(LoginPurpose.Program, tenant, default);
        var console = await codes.CreateAsync(LoginPurpose.Console, tenant, default);

        (await _browser.GetAsync("/?code=" + program)).Response.Headers.Location!.ToString().ShouldBe("/console/sign-in?used=1");
        (await _host.PostAsync("", "/v1/auth/callback", $$"""{"code":"{{console}}"}""")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Neither_a_code_nor_a_sessions_id_stands_in_the_store()
    {
        var link = await LinkAsync();
        var hash = Credentials.RawKey.Hash(link["/?code=".Length..]);

        (await _host.Tables.GetAsync(TableNames.Credentials, hash, "console-code", default)).ShouldNotBeNull();
        (await _host.Tables.GetAsync(TableNames.Credentials, link["/?code=".Length..], "console-code", default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_secret_key_opens_its_own_mode_and_no_other()
    {
        var (entered, _) = await _browser.SignInAsync(_merchant.TestKey);

        entered.Headers.Location!.ToString().ShouldBe("/console/test");
        (await StatusAsync("/console/test")).ShouldBe(200);
        (await StatusAsync("/console/live")).ShouldBe(403);
        (await _browser.GetAsync("/console/live")).Html.ShouldNotContain(_merchant.Merchant.Name);
    }

    [Fact]
    public async Task A_session_ends_with_the_key_that_opened_it()
    {
        var made = await _host.PostAsync(_merchant.TestKey, "/v1/secret_keys", """{"name":"Mine"}""");
        await _browser.SignInAsync(made["secret_key"]!);
        (await StatusAsync("/console/test")).ShouldBe(200);

        _host.Clock.Advance(TimeSpan.FromSeconds(20));
        (await _host.DeleteAsync(_merchant.TestKey, "/v1/secret_keys/" + made["secret_key_id"])).Status.ShouldBe(200);

        (await StatusAsync("/console/test")).ShouldBe(303);
    }

    [Fact]
    public async Task An_unknown_key_is_refused_and_never_written_back()
    {
        var wrong = "aks_test_" + new string('x', 43);
        var (response, html) = await _browser.SignInAsync(wrong);

        ((int)response.StatusCode).ShouldBe(401);
        html.ShouldContain("unknown or revoked");
        html.ShouldNotContain(wrong);
    }

    [Theory]
    [InlineData("https://evil.example/", "/console/test")]
    [InlineData("//evil.example/console/test", "/console/test")]
    [InlineData("/console/testing", "/console/test")]
    [InlineData("/console/test/\\evil", "/console/test")]
    [InlineData("/console/live/requests", "/console/test")]
    [InlineData("/console/test/requests", "/console/test/requests")]
    public async Task After_signing_in_the_browser_goes_to_a_page_of_the_mode_and_nowhere_else(string next, string gone)
    {
        var (entered, _) = await _browser.SubmitAsync("/console/sign-in", "/console/sign-in", ("secret_key", _merchant.TestKey), ("next", next));
        entered.Headers.Location!.ToString().ShouldBe(gone);
    }

    [Fact]
    public async Task A_session_lasts_a_week_and_its_row_is_cleaned_up()
    {
        await _browser.SignInAsync(_merchant.TestKey);
        _host.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        (await StatusAsync("/console/test")).ShouldBe(200);
        _host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await StatusAsync("/console/test")).ShouldBe(303);

        // The first clean-up reaches two days back, the hour of the session's end must be over.
        _host.Clock.Advance(TimeSpan.FromHours(2));
        await _host.Services.GetRequiredService<CleanUp>().RunAsync(default);
        (await SessionsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Signing_in_never_goes_on_with_the_session_that_a_browser_had()
    {
        await _browser.SignInAsync(_merchant.TestKey);
        var planted = CookieOf(_browser);
        await _browser.SignInAsync(_merchant.TestKey);

        CookieOf(_browser).ShouldNotBe(planted);
        using var attacker = new Browser(_host.Address);
        attacker.Cookies["lava_console"] = planted;
        ((int)(await attacker.GetAsync("/console/test")).Response.StatusCode).ShouldBe(303);
        (await StatusAsync("/console/test")).ShouldBe(200);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_itself_and_everywhere_ends_all_of_the_merchants()
    {
        using var second = new Browser(_host.Address);
        using var stranger = new Browser(_host.Address);
        await _browser.SignInAsync(_merchant.TestKey);
        await second.SignInAsync(_merchant.LiveKey);
        await stranger.SignInAsync((await _host.NewMerchantAsync()).TestKey);
        var kept = CookieOf(_browser);

        await _browser.SubmitAsync("/console/test", "/console/sign-out");
        _browser.Cookies["lava_console"] = kept;
        (await StatusAsync("/console/test")).ShouldBe(303, "a copy of the cookie is worth nothing");
        ((int)(await second.GetAsync("/console/live")).Response.StatusCode).ShouldBe(200);

        await _browser.SignInAsync(_merchant.TestKey);
        await second.SubmitAsync("/console/live", "/console/sign-out", ("everywhere", "yes"));
        (await StatusAsync("/console/test")).ShouldBe(303);
        ((int)(await second.GetAsync("/console/live")).Response.StatusCode).ShouldBe(303);
        ((int)(await stranger.GetAsync("/console/test")).Response.StatusCode).ShouldBe(200);
    }

    [Fact]
    public async Task A_form_without_a_token_or_with_anothers_does_nothing()
    {
        using var other = new Browser(_host.Address);
        await _browser.SignInAsync(_merchant.TestKey);
        await other.SignInAsync(_merchant.TestKey);
        var foreign = Browser.TokenOf((await other.GetAsync("/console/test")).Html);

        ((int)(await _browser.PostAsync("/console/sign-out")).Response.StatusCode).ShouldBe(400);
        ((int)(await _browser.PostAsync("/console/sign-out", ("form_token", foreign))).Response.StatusCode).ShouldBe(400);
        ((int)(await _browser.PostAsync("/console/sign-in", ("secret_key", _merchant.TestKey))).Response.StatusCode).ShouldBe(400);
        (await StatusAsync("/console/test")).ShouldBe(200);
    }

    [Fact]
    public async Task Cookies_are_out_of_reach_of_scripts_and_other_sites()
    {
        var (page, html) = await _browser.GetAsync("/console/sign-in");
        var (entered, _) = await _browser.PostAsync("/console/sign-in", ("form_token", Browser.TokenOf(html)), ("secret_key", _merchant.TestKey));

        var cookies = page.Headers.GetValues("Set-Cookie").Concat(entered.Headers.GetValues("Set-Cookie")).ToList();
        cookies.Count.ShouldBe(2);
        cookies.ShouldAllBe(cookie => cookie.Contains("httponly") && cookie.Contains("samesite=") && !cookie.Contains("secure"));
        using var http = new HttpClient { BaseAddress = _host.Address };
        http.DefaultRequestHeaders.Host = "console.example";
        (await http.GetAsync(new Uri("/console/sign-in", UriKind.Relative))).Headers.GetValues("Set-Cookie").ShouldAllBe(cookie => cookie.Contains("secure"));
    }

    [Fact]
    public async Task Every_page_holds_browsers_to_our_own_sources_and_is_kept_nowhere()
    {
        await _browser.SignInAsync(_merchant.TestKey);
        foreach (var path in new[] { "/", "/console", "/console/sign-in", "/console/test", "/console/test/requests", "/console/test/nothing", "/console/neither", "/console/live" })
        {
            var (response, html) = await _browser.GetAsync(path);
            var policy = response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
            policy.ShouldStartWith("default-src 'none';");
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldNotContain("unsafe");
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            response.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
            response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
            response.Headers.CacheControl!.NoStore.ShouldBeTrue();
            html.ShouldNotContain(" style=");
            html.ShouldNotContain("<style");
            html.ShouldNotContain(" onclick");
            html.ShouldNotContain("://cdn");
        }
    }

    [Fact]
    public async Task Assets_are_kept_for_good_under_names_that_change_with_them()
    {
        var (_, html) = await _browser.GetAsync("/console/sign-in");
        var style = System.Text.RegularExpressions.Regex.Match(html, "/console/assets/app\\.[0-9a-f]{16}\\.css").Value;

        var (asset, text) = await _browser.GetAsync(style);
        asset.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        asset.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
        text.ShouldContain("prefers-color-scheme");
        ((int)(await _browser.GetAsync("/console/assets/app.0000000000000000.css")).Response.StatusCode).ShouldBe(404);
    }

    private async Task<string> LinkAsync() => (await ConsoleLink.CreateAsync(_host.Services, _host.Address, CancellationToken.None))!.PathAndQuery;

    private async Task<int> StatusAsync(string path) => (int)(await _browser.GetAsync(path)).Response.StatusCode;

    private async Task<int> SessionsAsync() =>
        (await _host.Tables.QueryAsync(TableNames.Merchants, "console|" + _merchant.Merchant.Id, KeyRange.Prefix("session|"), 10, default)).Count;

    private static string CookieOf(Browser browser) => browser.Cookies["lava_console"];
}
