using Lava.Service.Admin;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Console;

/// <summary>A session of the console that a key with scopes has opened is limited to them.</summary>
public sealed class ScopedVisitTests : IAsyncLifetime
{
    private static readonly (string Section, string Read, string Write)[] Sections =
    [
        ("requests", "requests:read", ""), ("customers", "customers:read", "customers:write"), ("keys", "keys:read", "keys:write"), ("wallet", "wallet:read", "wallet:write"),
        ("pricing", "pricing:read", "pricing:write"), ("webhooks", "webhooks:read", "webhooks:write"), ("playground", "gateway", "gateway"), ("catalogue", "catalogue:read", ""),
        ("clocks", "testing:read", "testing:write"), ("settings", "account:read", "account:write"), ("audit-log", "account:read", ""),
    ];

    private readonly ManagementHost _host = new();
    private NewMerchant _merchant = null!;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _merchant = await _host.NewMerchantAsync(100);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Each_section_opens_to_its_scope_alone_and_the_menu_shows_no_other()
    {
        foreach (var (section, read, write) in Sections)
        {
            using var browser = await SignedInAsync(read);
            foreach (var (other, needed, _) in Sections)
            {
                var (page, html) = await browser.GetAsync("/console/test/" + other);
                ((int)page.StatusCode).ShouldBe(needed == read ? 200 : 403, $"{other} with {read}");
                if (needed != read) html.ShouldContain($"lacks the scope {needed}");
                var menu = html[html.IndexOf("aria-label=\"Console\"", StringComparison.Ordinal)..html.IndexOf("aria-label=\"More\"", StringComparison.Ordinal)];
                menu.Contains($"href=\"/console/test/{other}\"", StringComparison.Ordinal).ShouldBe(needed == read, $"menu of {read}: {other}");
            }

            // The overview is of the requests; without them the visit begins elsewhere, and not in a circle.
            var (home, _) = await browser.GetAsync("/console/test");
            if (read == "requests:read") ((int)home.StatusCode).ShouldBe(200);
            else ((int)(await browser.GetAsync(home.Headers.Location!.ToString())).Response.StatusCode).ShouldBe(200, section);
        }
    }

    [Fact]
    public async Task Every_form_needs_the_scope_that_changes_its_section()
    {
        foreach (var (_, read, write) in Sections.Where(one => one.Write.Length > 0 && one.Write != one.Read))
        {
            using var browser = await SignedInAsync(read);
            foreach (var (other, form) in Forms())
            {
                var needed = Sections.First(one => one.Section == other).Write;
                var (refused, html) = await browser.SubmitAsync("/console/test/developers", "/console/test/" + form, ("name", "N"), ("amount", "10"), ("reference_id", "r"), ("model", "gpt-4o-mini"), ("prompt", "hi"), ("access", "limited"), ("scope_wallet", "write"));
                ((int)refused.StatusCode).ShouldBe(403, $"{form} with {read}");
                html.ShouldContain($"lacks the scope {needed}");
            }

            (await browser.GetAsync("/console/test/" + Sections.First(one => one.Read == read && one.Write == write).Section)).Html.ShouldContain("Read only:");
        }

        (await _host.GetAsync(_merchant.TestKey, "/v1/customers")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await _host.GetAsync(_merchant.TestKey, "/v1/requests")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await _host.GetAsync(_merchant.TestKey, "/v1/webhooks")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_form_makes_a_key_with_the_scopes_that_were_chosen()
    {
        using var browser = new Browser(_host.Address);
        await browser.SignInAsync(_merchant.TestKey);
        var (_, html) = await browser.SubmitAsync("/console/test/keys", "/console/test/keys/secret", ("name", "Reports"), ("access", "limited"), ("scope_requests", "read"), ("scope_wallet", "write"), ("scope_gateway", "call"), ("scope_keys", ""));
        html.ShouldContain("aks_test_");
        var list = (await _host.GetAsync(_merchant.TestKey, "/v1/secret_keys")).Body.GetProperty("data").EnumerateArray();
        list.Single(key => key.GetProperty("name").GetString() == "Reports").GetProperty("scopes").GetRawText().ShouldBe("""["gateway","requests:read","wallet:write"]""");
        (await browser.GetAsync("/console/test/keys")).Html.ShouldContain("gateway, requests:read, wallet:write");

        var (refused, again) = await browser.SubmitAsync("/console/test/keys", "/console/test/keys/secret", ("name", "None"), ("access", "limited"));
        ((int)refused.StatusCode).ShouldBe(400);
        again.ShouldContain("Choose at least one.");
    }

    [Fact]
    public async Task A_limited_visit_is_offered_and_given_its_own_scopes_alone()
    {
        using var browser = await SignedInAsync("keys:write", "wallet:read");
        var page = (await browser.GetAsync("/console/test/keys")).Html;
        page.ShouldContain("name=\"scope_wallet\"");
        page.ShouldNotContain("name=\"scope_customers\"");
        page.ShouldNotContain("do everything</option>");
        foreach (var more in new[] { ("access", "all"), ("scope_customers", "read"), ("scope_wallet", "write") })
        {
            var (refused, _) = await browser.SubmitAsync("/console/test/keys", "/console/test/keys/secret", ("name", "More"), ("access", more.Item1 == "access" ? "all" : "limited"), more);
            ((int)refused.StatusCode).ShouldBe(403);
        }

        (await browser.SubmitAsync("/console/test/keys", "/console/test/keys/secret", ("name", "Less"), ("access", "limited"), ("scope_wallet", "read"))).Html.ShouldContain("aks_test_");
    }

    [Fact]
    public async Task Pages_leave_out_what_other_areas_would_add()
    {
        var customer = await _host.NewCustomerAsync(_merchant.TestKey);
        using var customers = await SignedInAsync("customers:read");
        ((int)(await customers.GetAsync("/console/test/customers/" + customer)).Response.StatusCode).ShouldBe(200);
        using var requests = await SignedInAsync("requests:read");
        await _host.PostAsync(_merchant.TestKey, "/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}""");
        var (overview, html) = await requests.GetAsync("/console/test");
        ((int)overview.StatusCode).ShouldBe(200);
        html.ShouldNotContain("<h2>Wallet</h2>");
        using var calls = await SignedInAsync("gateway");
        var (answer, said) = await calls.SubmitAsync("/console/test/playground", "/console/test/playground", ("model", "gpt-4o-mini"), ("prompt", "hi"));
        ((int)answer.StatusCode).ShouldBe(200);
        said.ShouldContain("which your sign-in may not see");
    }

    // Every form that there is, those that are added later too.
    private List<(string Section, string Action)> Forms()
    {
        var forms = from endpoint in _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                    where endpoint.RoutePattern.RawText!.StartsWith("/console/{mode}/", StringComparison.Ordinal)
                    where endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IHttpMethodMetadata>()!.HttpMethods.Contains("POST")
                    select endpoint.RoutePattern.RawText!["/console/{mode}/".Length..];
        List<(string Section, string Action)> found = [.. forms.Select(form => (form.Split('/')[0], form.Replace("{id}", "x", StringComparison.Ordinal)))];
        found.Count.ShouldBeGreaterThan(30);
        return found;
    }

    private async Task<Browser> SignedInAsync(params string[] scopes)
    {
        var made = await _host.PostAsync(_merchant.TestKey, "/v1/secret_keys", System.Text.Json.JsonSerializer.Serialize(new { name = "Limited", scopes }));
        var browser = new Browser(_host.Address);
        await browser.SignInAsync(made["secret_key"]!);
        return browser;
    }
}
