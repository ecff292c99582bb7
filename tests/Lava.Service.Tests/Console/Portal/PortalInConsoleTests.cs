using System.Net;

namespace Lava.Service.Tests.Console.Portal;

/// <summary>What the console has for the portal: a customer's portal by a button, and the branding.</summary>
public sealed class PortalInConsoleTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task A_button_opens_a_customers_portal_which_leads_back()
    {
        var customer = await world.CustomerAsync("Ada");
        using var browser = new Browser(world.Host.Address);
        await browser.SignInAsync(world.Key);
        var page = "/console/test/customers/" + customer;
        (await browser.GetAsync(page)).Html.ShouldContain("Open their portal");

        var (opened, _) = await browser.SubmitAsync(page, page + "/portal");
        await browser.GetAsync(opened.Headers.Location!.ToString());
        var portal = await PortalWorld.TextAsync(browser, "/portal");

        portal.ShouldContain("ada@example.com");
        portal.ShouldContain($"href=\"{new Uri(world.Host.Address, page)}\"");
        (await world.Host.GetAsync(world.Key, "/v1/audit_log?action=portal_session"))["data.0.via"].ShouldBe("console");
        ((int)(await browser.SubmitAsync(page, "/console/test/customers/con_test_x/portal")).Response.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task The_branding_is_set_by_form_and_what_is_wrong_is_said_at_its_field()
    {
        var merchant = await world.Host.NewMerchantAsync();
        using var browser = new Browser(world.Host.Address);
        await browser.SignInAsync(merchant.TestKey);
        var (wrong, html) = await browser.SubmitAsync("/console/test/settings", "/console/test/settings/branding", ("brand_name", "Ada's"), ("color", "red"), ("logo", "http://x"));
        ((int)wrong.StatusCode).ShouldBe(400);
        var text = WebUtility.HtmlDecode(html);
        foreach (var said in new[] { "value=\"Ada's\"", "value=\"red\"", "color must be six hexadecimal digits", "logo must be an https address" }) text.ShouldContain(said);

        await browser.SubmitAsync("/console/test/settings", "/console/test/settings/branding", ("brand_name", "Ada's"), ("color", "#0f766e"), ("logo", "https://shop.example/logo.png"));
        var set = await world.Host.GetAsync(merchant.TestKey, "/v1/branding");
        (set["name"], set["color"], set["logo"]).ShouldBe(("Ada's", "#0f766e", "https://shop.example/logo.png"));
        await browser.SubmitAsync("/console/test/settings", "/console/test/settings/branding", ("brand_name", ""), ("color", ""), ("logo", ""));
        (await world.Host.GetAsync(merchant.TestKey, "/v1/branding")).Body.GetRawText().ShouldBe("""{"name":null,"color":null,"logo":null}""");
    }
}
