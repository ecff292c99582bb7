using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Wallets;

public sealed class CardPageTests(ManagementHost host) : IClassFixture<ManagementHost>, IDisposable
{
    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false });
    private readonly string _owner = PaymentOwners.Merchant(new Tenant(Id.Create("mer", Mode.Test, DateTimeOffset.UnixEpoch), Mode.Test));

    private IPaymentProcessor Processor => host.Services.GetRequiredService<IPaymentProcessor>();

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task The_chosen_card_is_kept_once_and_the_cardholder_is_sent_back_with_the_setups_id()
    {
        var (setup, page) = await BeginAsync("https://shop.example/back?a=1#end");
        using (var shown = await _browser.GetAsync(page))
        {
            (await shown.Content.ReadAsStringAsync()).ShouldContain("4242424242424242");
            shown.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("form-action 'self' https://shop.example;");
        }

        foreach (var token in new[] { "pm_card_mastercard", "pm_card_visa" })
        {
            var (status, _, location) = await PostAsync(page, "token=" + token);
            (status, location).ShouldBe((303, $"https://shop.example/back?a=1&setup_id={setup.Id}#end"));
        }

        var card = (await Processor.ListMethodsAsync(_owner, default)).Single();
        (card.Brand, card.IsDefault).ShouldBe(("mastercard", true));
        (await Processor.FindSetupAsync(_owner, setup.Id, default))!.Method.ShouldBe(card);
        (await _browser.GetStringAsync(page)).ShouldNotContain("<form");
    }

    [Theory]
    [InlineData("token=pm_card_nonsense")]
    [InlineData("token=")]
    [InlineData("card=pm_card_visa")]
    [InlineData("")]
    public async Task A_card_that_is_none_is_asked_for_again(string form)
    {
        var (setup, page) = await BeginAsync("https://shop.example/");
        var (status, body, _) = await PostAsync(page, form);
        status.ShouldBe(400);
        body.ShouldContain("<form");
        (await Processor.FindSetupAsync(_owner, setup.Id, default)).ShouldBe(setup);
        (await Processor.ListMethodsAsync(_owner, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_its_secret_there_is_no_page()
    {
        var (setup, page) = await BeginAsync("https://shop.example/");
        var (_, other) = await BeginAsync("https://shop.example/");
        foreach (var path in new[] { $"/pay/card/{setup.Id}/{other.AbsolutePath.Split('/')[^1]}", page.AbsolutePath[..^1], $"/pay/card/{setup.Id}/x", "/pay/card/nonsense/x" })
        {
            using var shown = await _browser.GetAsync(new Uri(host.Address, path));
            ((int)shown.StatusCode).ShouldBe(404, path);
            (await PostAsync(new Uri(host.Address, path), "token=pm_card_visa")).Status.ShouldBe(404, path);
        }

        (await Processor.ListMethodsAsync(_owner, default)).ShouldBeEmpty();
    }

    private async Task<(CardSetup Setup, Uri Page)> BeginAsync(string returnUrl)
    {
        var setup = await Processor.CreateSetupAsync(_owner, new Uri(returnUrl), default);
        return (setup, new Uri(host.Address, setup.PageUrl!));
    }

    private async Task<(int Status, string Body, string? Location)> PostAsync(Uri page, string form)
    {
        using var content = new StringContent(form, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        using var answer = await _browser.PostAsync(page, content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location?.OriginalString);
    }
}
