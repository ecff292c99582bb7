using Lava.Core.Keys;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Tests.Wallets;

public sealed class AuthenticationPageTests(ManagementHost host) : IClassFixture<ManagementHost>, IDisposable
{
    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false });

    public void Dispose() => _browser.Dispose();

    [Theory]
    [InlineData("complete", "125.00", "is complete")]
    [InlineData("fail", "100.00", "failed")]
    public async Task The_balance_changes_as_the_page_is_answered_and_only_once(string choice, string balance, string shown)
    {
        var (key, page) = await BeginAsync();
        (await host.BalanceAsync(key)).ShouldBe("100.00");
        (await _browser.GetStringAsync(page)).ShouldContain("25.00 USD");
        (await host.BalanceAsync(key)).ShouldBe("100.00");

        (await PostAsync(page, "result=" + choice)).Body.ShouldContain(shown);
        (await host.BalanceAsync(key)).ShouldBe(balance);
        foreach (var again in new[] { "complete", "fail" }) (await PostAsync(page, "result=" + again)).Body.ShouldContain(shown);
        (await _browser.GetStringAsync(page)).ShouldNotContain("<form");
        (await host.BalanceAsync(key)).ShouldBe(balance);
    }

    [Fact]
    public async Task An_answer_with_an_address_has_no_balance()
    {
        var key = await host.NewKeyAsync();
        var answer = await host.FundAsync(key, await host.NewCardAsync(key, "pm_card_authenticationRequired"));
        answer.Status.ShouldBe(200);
        answer.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["status", "payment_id", "redirect_url"]);
        answer["status"].ShouldBe("requires_action");
        answer["redirect_url"]!.ShouldStartWith(host.Address.AbsoluteUri + "pay/authenticate/" + answer["payment_id"]);
    }

    [Fact]
    public async Task Without_its_secret_there_is_no_payment()
    {
        var (key, page) = await BeginAsync();
        var (_, other) = await BeginAsync();
        var path = page.AbsolutePath.Split('/');
        var anothers = other.AbsolutePath.Split('/')[^1];
        foreach (var address in new[]
        {
            $"/pay/authenticate/{path[3]}/{anothers}", $"/pay/authenticate/{path[3]}/{path[4][..^1]}", $"/pay/authenticate/{path[3]}/{path[4]}0", $"/pay/authenticate/{path[3]}/x",
            $"/pay/authenticate/pay_test_01ARZ3NDEKTSV4RRFFQ69G5FAV/{path[4]}", $"/pay/authenticate/nonsense/{path[4]}", $"/pay/authenticate/%2F%23%3F/{path[4]}", $"/pay/authenticate/{path[3]}/{path[4].ToUpperInvariant()}",
        })
        {
            using var shown = await _browser.GetAsync(new Uri(host.Address, address));
            ((int)shown.StatusCode).ShouldBe(404, address);
            (await shown.Content.ReadAsStringAsync()).ShouldNotContain("25.00");
            (await PostAsync(new Uri(host.Address, address), "result=complete")).Status.ShouldBe(404, address);
        }

        ((int)(await _browser.GetAsync(new Uri(host.Address, "/pay/authenticate/" + path[3]))).StatusCode).ShouldBe(404);
        (await host.BalanceAsync(key)).ShouldBe("100.00");
    }

    [Theory]
    [InlineData("")]
    [InlineData("result=")]
    [InlineData("result=COMPLETE")]
    [InlineData("result=complete&result=fail")]
    [InlineData("other=complete")]
    [InlineData("a=1&b=2&c=3&d=4&e=5&f=6")]
    public async Task An_answer_that_chooses_nothing_ends_nothing(string form)
    {
        var (key, page) = await BeginAsync();
        (await PostAsync(page, form)).Status.ShouldBe(400);
        (await PostAsync(page, "result=complete", "text/plain")).Status.ShouldBe(400);
        (await PostAsync(page, "result=" + new string('x', 100_000))).Status.ShouldBe(400);
        (await _browser.GetStringAsync(page)).ShouldContain("<form");
        (await host.BalanceAsync(key)).ShouldBe("100.00");
    }

    [Fact]
    public async Task It_can_be_framed_nowhere_loads_nothing_is_kept_nowhere_and_tells_only_the_amount()
    {
        var (key, page) = await BeginAsync();
        using var answer = await _browser.GetAsync(page);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        foreach (var rule in new[] { "default-src 'none'", "form-action 'self';", "frame-ancestors 'none'", "base-uri 'none'" }) policy.ShouldContain(rule);
        (answer.Headers.CacheControl!.NoStore, answer.Headers.GetValues("Referrer-Policy").Single(), answer.Headers.GetValues("X-Content-Type-Options").Single()).ShouldBe((true, "no-referrer", "nosniff"));
        var html = await answer.Content.ReadAsStringAsync();
        foreach (var absent in new[] { "<script", "src=", "href=", "http:", "https:", "mer_", "pm_", "3184", page.AbsolutePath.Split('/')[^1], key }) html.ShouldNotContain(absent);
    }

    [Fact]
    public async Task The_cardholder_goes_back_to_where_the_payment_was_asked_for_and_nowhere_else()
    {
        var back = new Uri("https://shop.example/thanks?a=1&b=2");
        var page = await BeginForCustomerAsync(back);
        (await _browser.GetAsync(page)).Headers.GetValues("Content-Security-Policy").Single().ShouldContain("form-action 'self' https://shop.example;");
        using var answer = await _browser.PostAsync(page, new StringContent("result=complete", null, "application/x-www-form-urlencoded"));
        ((int)answer.StatusCode, answer.Headers.Location).ShouldBe((303, back));

        var script = await BeginForCustomerAsync(new Uri("javascript:alert(1)"));
        (await PostAsync(script, "result=complete")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_fault_is_logged_without_the_secret()
    {
        var (_, page) = await BeginAsync();
        var log = new LogBook();
        host.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        host.Tables.AfterGet = table => table == TableNames.Payments ? throw new InvalidOperationException("A fault.") : Task.CompletedTask;
        try
        {
            ((int)(await _browser.GetAsync(page)).StatusCode).ShouldBe(500);
            (await PostAsync(page, "result=complete")).Status.ShouldBe(500);
        }
        finally
        {
            host.Tables.AfterGet = null;
        }

        var lines = log.Lines;
        lines.ShouldContain(line => line.Contains("/pay/authenticate/{payment}/{secret}", StringComparison.Ordinal));
        var secret = page.AbsolutePath.Split('/')[^1];
        lines.ShouldAllBe(line => !line.Contains(secret, StringComparison.Ordinal));
    }

    private async Task<(string Key, Uri Page)> BeginAsync()
    {
        var key = await host.NewKeyAsync();
        var answer = await host.FundAsync(key, await host.NewCardAsync(key, "pm_card_authenticationRequired"));
        return (key, new Uri(answer["redirect_url"]!));
    }

    private async Task<Uri> BeginForCustomerAsync(Uri back)
    {
        var owner = PaymentOwners.Customer(new Tenant((await host.NewMerchantAsync()).Merchant.Id, Mode.Test), "con_test_x");
        var processor = host.Services.GetRequiredService<IPaymentProcessor>();
        await processor.AddMethodAsync(owner, "pm_card_authenticationRequired", default);
        var payment = await processor.ChargeAsync(new ChargeRequest { Key = "k", Owner = owner, Amount = 10, Description = "A test", ReturnUrl = back }, default);
        return new Uri(host.Address, payment.ActionUrl!);
    }

    private async Task<(int Status, string Body)> PostAsync(Uri page, string form, string type = "application/x-www-form-urlencoded")
    {
        using var answer = await _browser.PostAsync(page, new StringContent(form, null, type));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
