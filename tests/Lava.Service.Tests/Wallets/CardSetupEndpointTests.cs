using Lava.Service.Payments.Simulator;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Wallets;

public sealed class CardSetupEndpointTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private const string Path = "/v1/payment_methods/setups";

    private SimulatedProcessor Simulator => host.Services.GetRequiredService<SimulatedProcessor>();

    [Fact]
    public async Task The_merchants_card_is_given_on_a_page_and_is_listed_then()
    {
        var key = await host.NewKeyAsync();
        var begun = await host.PostAsync(key, Path, """{"return_url":"https://shop.example/cards"}""");
        begun.Status.ShouldBe(201);
        begun.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["setup_id", "status", "url"]);
        begun["status"].ShouldBe("waiting");
        begun["url"]!.ShouldStartWith(host.Address.AbsoluteUri + "pay/card/" + begun["setup_id"]);
        (await host.GetAsync(key, $"{Path}/{begun["setup_id"]}"))["url"].ShouldBe(begun["url"]);

        await Simulator.GiveCardAsync(begun["setup_id"]!, "pm_card_mastercard", default);
        var done = await host.GetAsync(key, $"{Path}/{begun["setup_id"]}");
        done.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["setup_id", "status", "payment_method"]);
        done["status"].ShouldBe("complete");
        var card = done.Body.GetProperty("payment_method");
        (card.GetProperty("brand").GetString(), card.GetProperty("is_default").GetBoolean()).ShouldBe(("mastercard", true));
        (await host.GetAsync(key, "/v1/payment_methods")).Body.GetProperty("data").EnumerateArray().ShouldContain(listed => listed.GetProperty("payment_method_id").GetString() == card.GetProperty("payment_method_id").GetString());
    }

    [Fact]
    public async Task A_customers_card_is_the_customers_and_the_setup_nobody_elses()
    {
        var key = await host.NewKeyAsync();
        var (customer, other) = (await host.NewCustomerAsync(key), await host.NewCustomerAsync(key));
        var id = (await host.PostAsync(key, Path, $$"""{"return_url":"https://shop.example/cards","customer_id":"{{customer}}"}"""))["setup_id"];
        await Simulator.GiveCardAsync(id!, "pm_card_visa", default);
        (await host.GetAsync(key, $"{Path}/{id}?customer_id={customer}"))["status"].ShouldBe("complete");
        (await host.GetAsync(key, $"{Path}/{id}")).Status.ShouldBe(404);
        (await host.GetAsync(key, $"{Path}/{id}?customer_id={other}")).Status.ShouldBe(404);
        (await host.GetAsync(await host.NewKeyAsync(), $"{Path}/{id}?customer_id={customer}")).Status.ShouldBe(404);
        (await host.GetAsync(await host.NewKeyAsync(), $"{Path}/{id}")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"return_url":""}""")]
    [InlineData("""{"return_url":7}""")]
    [InlineData("""{"return_url":"/cards"}""")]
    [InlineData("""{"return_url":"javascript:alert(1)"}""")]
    [InlineData("""{"return_url":"ftp://shop.example"}""")]
    [InlineData("""{"return_url":"https://shop.example","customer_id":7}""")]
    public async Task A_wrong_member_is_refused(string json)
    {
        var answer = await host.PostAsync(await host.NewKeyAsync(), Path, json);
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
    }

    [Fact]
    public async Task Unknown_customers_and_setups_are_not_found()
    {
        var key = await host.NewKeyAsync();
        (await host.PostAsync(key, Path, """{"return_url":"https://shop.example","customer_id":"con_test_x"}""")).Status.ShouldBe(404);
        foreach (var id in new[] { "x", "setup_test_01ARZ3NDEKTSV4RRFFQ69G5FAV", "%2F%23" }) (await host.GetAsync(key, $"{Path}/{id}")).Status.ShouldBe(404, id);
    }

    [Fact]
    public async Task Live_mode_without_a_processor_collects_no_card()
    {
        var live = (await host.NewMerchantAsync()).LiveKey;
        var answer = await host.PostAsync(live, Path, """{"return_url":"https://shop.example"}""");
        (answer.Status, answer.Code).ShouldBe((503, "payments_not_configured"));
        (await host.GetAsync(live, Path + "/x")).Status.ShouldBe(404);
    }
}
