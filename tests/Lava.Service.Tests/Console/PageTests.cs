using System.Globalization;
using Lava.Service.Admin;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Console;

/// <summary>What the console's pages show, and to whom.</summary>
public sealed class PageTests : IAsyncLifetime
{
    private const string Script = "<script>alert('x')</script>";
    private const string Encoded = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;";

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
    public async Task Before_the_first_call_the_overview_says_how_to_make_one_at_the_servers_own_address()
    {
        var html = (await _browser.GetAsync("/console/test")).Html;
        html.ShouldContain("Make your first call");
        html.ShouldContain($"curl {_host.Address}v1/chat/completions");
        html.ShouldContain("$100.00");
    }

    [Fact]
    public async Task The_overview_and_the_requests_show_what_was_metered_to_the_last_decimal()
    {
        await _host.NewMeterAsync(_merchant.TestKey, "\"meter_slug\":\"chat\"");
        var customer = await _host.NewCustomerAsync(_merchant.TestKey);
        (await ReportAsync("order-1", customer)).Status.ShouldBe(201);

        // 5.00 a million tokens: 300 tokens are 0.0015.
        (await _browser.GetAsync("/console/test/requests")).Html.ShouldContain("$0.0015");
        var one = (await _browser.GetAsync("/console/test/requests/order-1")).Html;
        one.ShouldContain("$0.0015");
        one.ShouldContain(customer);
        var overview = (await _browser.GetAsync("/console/test?period=day")).Html;
        overview.ShouldContain("title=\"$0.0015\"");
        overview.ShouldContain("data-chart=");
    }

    [Fact]
    public async Task What_others_named_is_text_on_every_page_and_never_markup()
    {
        await _host.NewMeterAsync(_merchant.TestKey, "\"meter_slug\":\"chat\"");
        var customer = await _host.NewCustomerAsync(_merchant.TestKey, $$"""{"reference_id":"{{Script}}","name":"{{Script}}"}""");
        var reported = await _host.PostAsync(
            _merchant.TestKey,
            "/v1/requests",
            $$$"""{"request_id":"{{{Script}}}","customer_id":"{{{customer}}}","meter_slug":"chat","input_tokens":1,"metadata":{"tag":"{{{Script}}}"}}""");
        reported.Status.ShouldBe(201);

        var id = Uri.EscapeDataString(Script);
        foreach (var path in new[] { "/console/test", "/console/test/requests", "/console/test/requests/" + id, "/console/test/requests?customer_id=" + id + "&key=" + id })
        {
            var (response, html) = await _browser.GetAsync(path);
            response.IsSuccessStatusCode.ShouldBeTrue(path);
            html.ShouldNotContain(Script, Case.Sensitive, path);
        }

        (await _browser.GetAsync("/console/test/requests/" + id)).Html.ShouldContain(Encoded);
    }

    [Fact]
    public async Task Nobody_sees_another_merchants_or_the_other_modes_requests()
    {
        await _host.NewMeterAsync(_merchant.TestKey, "\"meter_slug\":\"chat\"");
        await ReportAsync("order-1", await _host.NewCustomerAsync(_merchant.TestKey));
        using var live = new Browser(_host.Address);
        using var stranger = new Browser(_host.Address);
        await live.SignInAsync(_merchant.LiveKey);
        await stranger.SignInAsync((await _host.NewMerchantAsync()).TestKey);

        foreach (var (browser, mode) in new[] { (live, "live"), (stranger, "test") })
        {
            ((int)(await browser.GetAsync($"/console/{mode}/requests/order-1")).Response.StatusCode).ShouldBe(404);
            (await browser.GetAsync($"/console/{mode}/requests")).Html.ShouldNotContain("order-1");
        }
    }

    [Fact]
    public async Task A_list_of_requests_is_read_page_by_page()
    {
        await _host.NewMeterAsync(_merchant.TestKey, "\"meter_slug\":\"chat\"");
        var customer = await _host.NewCustomerAsync(_merchant.TestKey);
        for (var i = 0; i < 30; i++)
        {
            _host.Clock.Advance(TimeSpan.FromSeconds(1));
            await ReportAsync("order-" + i.ToString(CultureInfo.InvariantCulture), customer);
        }

        var first = (await _browser.GetAsync("/console/test/requests")).Html;
        var older = System.Text.RegularExpressions.Regex.Match(first, "href=\"([^\"]*cursor=[^\"]*)\"").Groups[1].Value;
        var second = (await _browser.GetAsync(System.Net.WebUtility.HtmlDecode(older))).Html;

        Rows(first).ShouldBe(25);
        Rows(second).ShouldBe(5);
        second.ShouldContain("title=\"order-0\"");
        first.ShouldNotContain("title=\"order-0\"");
    }

    [Theory]
    [InlineData("status=completed", 1)]
    [InlineData("status=error", 0)]
    [InlineData("provider=other&status=&model=", 1)]
    [InlineData("model=gpt-4o", 0)]
    [InlineData("min_cost=1", 0)]
    public async Task Requests_are_filtered(string query, int rows)
    {
        await _host.NewMeterAsync(_merchant.TestKey, "\"meter_slug\":\"chat\"");
        await ReportAsync("order-1", await _host.NewCustomerAsync(_merchant.TestKey));

        Rows((await _browser.GetAsync("/console/test/requests?" + query)).Html).ShouldBe(rows);
    }

    [Fact]
    public async Task Requests_are_filtered_by_whole_days()
    {
        await _host.NewMeterAsync(_merchant.TestKey, "\"meter_slug\":\"chat\"");
        await ReportAsync("order-1", await _host.NewCustomerAsync(_merchant.TestKey));
        var today = _host.Clock.GetUtcNow();
        string Day(int days) => today.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        Rows((await _browser.GetAsync($"/console/test/requests?from={Day(0)}&to={Day(0)}")).Html).ShouldBe(1);
        Rows((await _browser.GetAsync($"/console/test/requests?from={Day(1)}")).Html).ShouldBe(0);
        Rows((await _browser.GetAsync($"/console/test/requests?to={Day(-1)}")).Html).ShouldBe(0);
        (await _browser.GetAsync("/console/test/requests?from=never")).Html.ShouldContain("start must be an ISO 8601 time");
    }

    [Fact]
    public async Task A_page_that_is_not_there_is_a_page_with_the_menu()
    {
        var (response, html) = await _browser.GetAsync("/console/test/nothing/here");
        ((int)response.StatusCode).ShouldBe(404);
        html.ShouldContain("There is no such page");
        html.ShouldContain("aria-label=\"Console\"");
    }

    private Task<Answer> ReportAsync(string id, string customer) => _host.PostAsync(
        _merchant.TestKey,
        "/v1/requests",
        $$"""{"request_id":"{{id}}","customer_id":"{{customer}}","meter_slug":"chat","input_tokens":200,"output_tokens":100}""");

    private static int Rows(string html) => System.Text.RegularExpressions.Regex.Count(html, "title=\"order-\\d+\"");
}
