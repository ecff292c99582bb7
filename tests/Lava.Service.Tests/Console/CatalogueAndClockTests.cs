using System.Net;
using System.Text.RegularExpressions;
using Lava.Service.Admin;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Console;

/// <summary>The catalogue's pages, and test clocks.</summary>
public sealed class CatalogueAndClockTests : IAsyncLifetime
{
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
    public async Task Models_are_found_by_words_provider_and_kind_page_by_page()
    {
        var all = (await _browser.GetAsync("/console/test/catalogue")).Html;
        Rows(all).ShouldBe(50);
        all.Length.ShouldBeLessThan(100_000);
        Rows((await _browser.GetAsync("/console/test/catalogue?from=50")).Html).ShouldBe(50);

        var mini = WebUtility.HtmlDecode((await _browser.GetAsync("/console/test/catalogue?find=GPT-4o-mini&provider=openai&kind=chat")).Html);
        mini.ShouldContain(">gpt-4o-mini<");

        // OpenAI's list price: 0.15 and 0.60 for a million tokens, 0.075 for cached ones.
        mini.ShouldContain("$0.15");
        mini.ShouldContain("$0.60");
        mini.ShouldContain("$0.075");
        mini.ShouldNotContain("text-embedding");

        var none = (await _browser.GetAsync("/console/test/catalogue?find=" + Uri.EscapeDataString("<script>alert(1)</script>"))).Html;
        none.ShouldContain("No model matches");
        none.ShouldNotContain("<script>alert");
    }

    [Fact]
    public async Task Providers_say_whose_key_calls_take()
    {
        var before = await _host.GetAsync(_merchant.TestKey, "/v1/providers");
        StateOf(before, "openai").ShouldBe(("sandbox", "ready"));
        StateOf(await _host.GetAsync(_merchant.LiveKey, "/v1/providers"), "openai").ShouldBe(("missing", "unavailable"));

        await _host.SendAsync(_merchant.TestKey, "PUT", "/v1/provider_keys/openai", """{"keys":["sk-own-123456789"]}"""u8.ToArray());
        StateOf(await _host.GetAsync(_merchant.TestKey, "/v1/providers"), "openai").ShouldBe(("stored", "ready"));
        var html = (await _browser.GetAsync("/console/test/catalogue/providers")).Html;
        html.ShouldContain("Your own");
        html.ShouldNotContain("sk-own");
    }

    [Fact]
    public async Task A_clock_is_made_and_moved_and_its_customers_billed_on_the_way()
    {
        var (made, _) = await _browser.SubmitAsync("/console/test/clocks", "/console/test/clocks", ("name", "<i>Year</i>"), ("frozen_time", "2027-01-31T09:30"));
        var page = made.Headers.Location!.ToString();
        var id = page[(page.LastIndexOf('/') + 1)..];
        await _browser.SubmitAsync(page, page + "/customers", ("reference_id", "ada"));
        var upcoming = await _host.GetAsync(_merchant.TestKey, $"/v1/test_clocks/{id}/upcoming");
        upcoming["data.0.due_at"].ShouldBe("2027-02-28T09:30:00.000Z");

        await _browser.SubmitAsync(page, page + "/advance", ("by", "month"));
        (await _host.GetAsync(_merchant.TestKey, "/v1/test_clocks/" + id))["frozen_time"].ShouldBe("2027-02-28T09:30:00.000Z");
        (await _host.GetAsync(_merchant.TestKey, $"/v1/test_clocks/{id}/upcoming"))["data.0.due_at"].ShouldBe("2027-03-31T09:30:00.000Z");
        await _browser.SubmitAsync(page, page + "/advance", ("frozen_time", "2027-06-01T00:00"));
        (await _host.GetAsync(_merchant.TestKey, "/v1/test_clocks/" + id))["frozen_time"].ShouldBe("2027-06-01T00:00:00.000Z");

        var (refused, html) = await _browser.SubmitAsync(page, page + "/advance", ("frozen_time", "2027-01-01T00:00"));
        ((int)refused.StatusCode).ShouldBe(400);
        html.ShouldContain("frozen_time must be later than the clock");
        html.ShouldContain("30 Jun 2027");
        html.ShouldContain(">ada<");
        html.ShouldNotContain("<i>Year");
    }

    [Fact]
    public async Task Live_mode_has_no_clocks_and_strangers_see_none()
    {
        var id = (await _host.PostAsync(_merchant.TestKey, "/v1/test_clocks", """{"frozen_time":"2027-01-01T00:00:00Z"}"""))["test_clock_id"]!;
        using var live = new Browser(_host.Address);
        await live.SignInAsync(_merchant.LiveKey);
        (await live.GetAsync("/console/live/clocks")).Html.ShouldContain("Live mode runs on real time");
        ((int)(await live.SubmitAsync("/console/live", "/console/live/clocks", ("frozen_time", "2027-01-01T00:00"))).Response.StatusCode).ShouldBe(400);

        var other = await _host.NewMerchantAsync();
        using var stranger = new Browser(_host.Address);
        await stranger.SignInAsync(other.TestKey);
        ((int)(await stranger.GetAsync("/console/test/clocks/" + id)).Response.StatusCode).ShouldBe(404);
        await stranger.SubmitAsync("/console/test", $"/console/test/clocks/{id}/advance", ("by", "year"));
        (await _host.GetAsync(_merchant.TestKey, "/v1/test_clocks/" + id))["frozen_time"].ShouldBe("2027-01-01T00:00:00.000Z");
        (await _host.GetAsync(other.TestKey, $"/v1/test_clocks/{id}/upcoming")).Status.ShouldBe(404);
    }

    private static (string?, string?) StateOf(Answer providers, string id)
    {
        var found = providers.Body.GetProperty("data").EnumerateArray().Single(provider => provider.GetProperty("provider").GetString() == id);
        return (found.GetProperty("key").GetString(), found.GetProperty("status").GetString());
    }

    private static int Rows(string html) => Regex.Count(html, "<td class=\"text wide\">");
}
