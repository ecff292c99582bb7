using System.Net;
using System.Text.RegularExpressions;
using Lava.Console;
using Lava.Service.Admin;
using Lava.Service.Auditing;
using Lava.Service.Hosting.SystemState;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Vault;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Console;

/// <summary>The operator's pages of the console.</summary>
public sealed partial class OperatorTests : IAsyncLifetime
{
    private const string Home = "/console/operator";

    private static readonly string Secret = new('s', 64);

    private readonly ManagementHost _host = new();
    private NewMerchant _merchant = null!;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _merchant = await _host.NewMerchantAsync();
        await Vault.SetAsync(AdminGate.SecretName, Secret, default);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    private IVault Vault => _host.Services.GetRequiredService<IVault>();

    private IMessageQueue Queue => _host.Services.GetRequiredService<IMessageQueue>();

    [Fact]
    public async Task No_page_and_no_form_opens_to_anybody_but_the_operator()
    {
        using var nobody = new Browser(_host.Address);
        using var merchant = new Browser(_host.Address);
        await merchant.SignInAsync(_merchant.TestKey);
        var (pages, forms) = (0, 0);
        foreach (var (method, path) in Routes().Where(route => !route.Path.EndsWith("/sign-in", StringComparison.Ordinal)))
        {
            foreach (var browser in new[] { nobody, merchant })
            {
                var (answer, html) = method == "GET"
                    ? await browser.GetAsync(path)
                    : await browser.SubmitAsync("/console/sign-in", path, ("reason", "x"), ("mode", "test"), ("amount", "5"), ("description", "x"), ("merchant_name", "Mine"));
                ((int)answer.StatusCode).ShouldBe(303, $"{method} {path}");
                answer.Headers.Location!.ToString().ShouldBe(Home + "/sign-in");
                html.ShouldNotContain(_merchant.Merchant.Id);
            }

            if (method == "GET") pages++;
            else forms++;
        }

        (pages, forms).ShouldBe((5, 7));
        (await _host.GetAsync(_merchant.TestKey, "/v1/wallet"))["balance"].ShouldBe("100.00");
        (await _host.GetAsync(Secret, "/v1/admin/log")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_admin_secret_signs_in_and_its_session_ends_with_it()
    {
        using var browser = new Browser(_host.Address);
        foreach (var wrong in new[] { "", Secret[1..], _merchant.LiveKey })
        {
            var (refused, html) = await browser.SubmitAsync(Home + "/sign-in", Home + "/sign-in", ("admin_secret", wrong));
            ((int)refused.StatusCode).ShouldBe(401);
            if (wrong.Length > 0) html.ShouldNotContain(wrong);
        }

        (await browser.SubmitAsync(Home + "/sign-in", Home + "/sign-in", ("admin_secret", Secret))).Response.Headers.Location!.ToString().ShouldBe(Home);
        (await browser.GetAsync(Home)).Html.ShouldContain("usage-records");

        // It is no merchant's.
        (await browser.GetAsync("/console/test")).Response.Headers.Location!.ToString().ShouldStartWith("/console/sign-in");
        (await browser.GetAsync("/console")).Response.Headers.Location!.ToString().ShouldStartWith("/console/sign-in");

        await Vault.SetAsync(AdminGate.SecretName, new string('t', 64), default);
        ((int)(await browser.GetAsync(Home)).Response.StatusCode).ShouldBe(303);
    }

    [Fact]
    public async Task Signing_out_ends_the_operators_session_on_the_server()
    {
        using var browser = await OperatorAsync();
        using var copy = new Browser(_host.Address);
        foreach (var (name, value) in browser.Cookies) copy.Cookies[name] = value;
        ((int)(await copy.GetAsync(Home)).Response.StatusCode).ShouldBe(200);
        await browser.SubmitAsync(Home, "/console/sign-out");
        ((int)(await copy.GetAsync(Home)).Response.StatusCode).ShouldBe(303);
    }

    [Fact]
    public async Task A_link_from_the_servers_machine_opens_both_and_a_key_the_merchants_alone()
    {
        using var browser = new Browser(_host.Address);
        var link = await ConsoleLink.CreateAsync(_host.Services, _host.Address, default);
        await browser.GetAsync(link!.PathAndQuery);
        ((int)(await browser.GetAsync(Home)).Response.StatusCode).ShouldBe(200);
        (await browser.GetAsync("/console/test")).Html.ShouldContain("Operator&#x27;s pages");
        using var key = new Browser(_host.Address);
        await key.SignInAsync(_merchant.TestKey);
        (await key.GetAsync("/console/test")).Html.ShouldNotContain("/console/operator");
    }

    [Fact]
    public async Task A_merchant_is_made_found_corrected_suspended_resumed_and_its_keys_rotated()
    {
        using var browser = await OperatorAsync();
        var (made, html) = await browser.SubmitAsync(Home + "/merchants", Home + "/merchants", ("merchant_name", "<b>Acme</b>"));
        ((int)made.StatusCode).ShouldBe(200);
        var key = TestKey().Match(html).Value;
        var id = (await _host.GetAsync(Secret, "/v1/admin/merchants?name=%3Cb%3EAcme"))["data.0.merchant_id"]!;
        var list = (await browser.GetAsync(Home + "/merchants?name=%3Cb")).Html;
        list.ShouldContain(id);
        list.ShouldNotContain("<b>Acme");
        list.ShouldNotContain(key);

        var page = $"{Home}/merchants/{id}";
        var sent = (await browser.GetAsync(page)).Html;
        (string, string)[] form = [("form_token", Browser.TokenOf(sent)), ("once", Once().Match(sent).Groups[1].Value), ("mode", "test"), ("amount", "-25.50"), ("description", "Test's correction")];
        for (var i = 0; i < 2; i++) ((int)(await browser.PostAsync(page + "/adjust", form)).Response.StatusCode).ShouldBe(303);
        (await _host.GetAsync(key, "/v1/wallet"))["balance"].ShouldBe("974.50");
        form[3] = ("amount", "much");
        var (refused, wrong) = await browser.PostAsync(page + "/adjust", form);
        ((int)refused.StatusCode).ShouldBe(400);
        wrong.ShouldContain("amount must be a number of dollars");

        ((int)(await browser.SubmitAsync(page, page + "/suspend", ("reason", ""))).Response.StatusCode).ShouldBe(400);
        await browser.SubmitAsync(page, page + "/suspend", ("reason", "Unpaid"));
        (await _host.GetAsync(key, "/v1/wallet")).Code.ShouldBe("merchant_suspended");
        (await browser.GetAsync(page)).Html.ShouldContain("Unpaid");
        await browser.SubmitAsync(page, page + "/resume");
        (await _host.GetAsync(key, "/v1/wallet")).Status.ShouldBe(200);

        var (_, rotated) = await browser.SubmitAsync(page, page + "/rotate", ("mode", "test"));
        (await _host.GetAsync(key, "/v1/wallet")).Status.ShouldBe(401);
        (await _host.GetAsync(TestKey().Match(rotated).Value, "/v1/wallet")).Status.ShouldBe(200);
        (await browser.GetAsync(page)).Html.ShouldNotContain("aks_test_");

        var log = (await browser.GetAsync(Home + "/log")).Html;
        foreach (var action in new[] { "merchant.created", "wallet.corrected", "merchant.suspended", "merchant.resumed", "merchant.keys_rotated" }) log.ShouldContain(action);
        ((int)(await browser.GetAsync(Home + "/merchants/mer_x")).Response.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task Dead_letters_are_looked_at_retried_and_dropped()
    {
        // Nothing that the queue's handler can read: it is given up at once.
        foreach (var id in new[] { "one", "two" }) await Queue.SendAsync("billing", [new OutgoingMessage(id, "session-" + id, "no JSON"u8.ToArray(), TimeSpan.Zero)], default);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await Queue.PeekDeadLettersAsync("billing", 10, default)).Count < 2) await Task.Delay(50, limit.Token);

        using var browser = await OperatorAsync();
        var system = (await browser.GetAsync(Home)).Html;
        system.ShouldContain("dead-letters?queue=billing\">2<");
        var page = (await browser.GetAsync(Home + "/dead-letters?queue=billing")).Html;
        page.ShouldContain("session-one");
        page.ShouldNotContain("no JSON");
        (await browser.GetAsync(Home + "/dead-letters?queue=usage-records")).Html.ShouldNotContain("session-one");

        ((int)(await browser.SubmitAsync(Home + "/dead-letters", Home + "/dead-letters/drop", ("queue", "billing"), ("id", "one"))).Response.StatusCode).ShouldBe(303);
        ((int)(await browser.SubmitAsync(Home + "/dead-letters", Home + "/dead-letters/drop", ("queue", "billing"), ("id", "one"))).Response.StatusCode).ShouldBe(404);
        ((int)(await browser.SubmitAsync(Home + "/dead-letters", Home + "/dead-letters/retry", ("queue", "nonsense"), ("id", "two"))).Response.StatusCode).ShouldBe(404);
        (await Queue.PeekDeadLettersAsync("billing", 10, default)).ShouldHaveSingleItem().Id.ShouldBe("two");
        ((int)(await browser.SubmitAsync(Home + "/dead-letters", Home + "/dead-letters/retry", ("queue", "billing"), ("id", "two"))).Response.StatusCode).ShouldBe(303);
        (await browser.GetAsync(Home + "/log")).Html.ShouldContain("billing/two");
    }

    [Fact]
    public async Task The_system_is_shown_as_it_is()
    {
        using var browser = await OperatorAsync();
        (await _host.Services.GetRequiredService<SystemReport>().FindAsync(default)).LastAudit.ShouldBeNull();
        (await browser.GetAsync(Home)).Html.ShouldContain("./lava audit");
        await _host.Services.GetRequiredService<AuditResults>().SaveAsync(await _host.Services.GetRequiredService<Audit>().RunAsync(default), ["page 7 is damaged"], default);
        var html = WebUtility.HtmlDecode((await browser.GetAsync(Home)).Html);
        html.ShouldContain("1 faults.");
        html.ShouldContain("page 7 is damaged");
        html.ShouldContain("Version 0.1.0");
        foreach (var queue in QueueNames.All) html.ShouldContain(queue);

        var state = await _host.GetAsync(Secret, "/v1/admin/system");
        (state["store"], state["queues.0.queue"], state["queues.0.waiting"], state["queues.0.dead_letters"]).ShouldBe(("ready", "usage-records", "0", "0"));
        state["last_audit.fault_count"].ShouldBe("1");
        (await _host.GetAsync(_merchant.LiveKey, "/v1/admin/system")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_queue_tells_how_much_waits_and_for_how_long()
    {
        // Nobody receives from this queue.
        const string queue = "unused";
        (await Queue.MeasureAsync(queue, default)).ShouldBe(new QueueDepth(0, null, 0));
        var first = _host.Clock.GetUtcNow();
        await Queue.SendAsync(queue, [new OutgoingMessage("a", "s", "1"u8.ToArray(), TimeSpan.Zero)], default);
        _host.Clock.Advance(TimeSpan.FromMinutes(2));
        await Queue.SendAsync(queue, [new OutgoingMessage("b", "t", "2"u8.ToArray(), TimeSpan.Zero), new OutgoingMessage("c", "t", "3"u8.ToArray(), TimeSpan.FromHours(1))], default);
        var depth = await Queue.MeasureAsync(queue, default);
        (depth.Waiting, depth.Dead).ShouldBe((3, 0));
        (depth.OldestAt!.Value - first).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    private async Task<Browser> OperatorAsync()
    {
        var browser = new Browser(_host.Address);
        await browser.SubmitAsync(Home + "/sign-in", Home + "/sign-in", ("admin_secret", Secret));
        return browser;
    }

    // Those that are added later too.
    private List<(string Method, string Path)> Routes() =>
        [.. from endpoint in _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where endpoint.RoutePattern.RawText!.StartsWith(Home, StringComparison.Ordinal)
            from method in endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IHttpMethodMetadata>()!.HttpMethods
            select (method, endpoint.RoutePattern.RawText!.Replace("{id}", _merchant.Merchant.Id, StringComparison.Ordinal))];

    [GeneratedRegex("aks_test_[\\w-]{43}")]
    private static partial Regex TestKey();

    [GeneratedRegex("name=\"once\" value=\"([^\"]+)\"")]
    private static partial Regex Once();
}
