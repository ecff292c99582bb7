using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Accounts;

public sealed class BrandingTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    /// <summary>One pixel.</summary>
    private const string Pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task Members_are_set_one_by_one_and_cleared_with_null()
    {
        var key = await host.NewKeyAsync();
        var none = await host.GetAsync(key, "/v1/branding");
        (none.Status, none["name"], none["color"], none["logo"]).ShouldBe((200, null, null, null));

        await host.PostAsync(key, "/v1/branding", $$"""{"name":"Ada's Chat","color":"#0F766E","logo":"{{Pixel}}"}""");
        var set = await host.PostAsync(key, "/v1/branding", """{"logo":"https://cdn.shop.example/logo.png"}""");
        (set["name"], set["color"], set["logo"]).ShouldBe(("Ada's Chat", "#0f766e", "https://cdn.shop.example/logo.png"));
        await host.PostAsync(key, "/v1/branding", """{"logo":null}""");
        var left = await host.GetAsync(key, "/v1/branding");
        (left["name"], left["color"], left["logo"]).ShouldBe(("Ada's Chat", "#0f766e", null));
    }

    [Fact]
    public async Task Each_merchant_and_each_mode_has_its_own()
    {
        var merchant = await host.NewMerchantAsync();
        await host.PostAsync(merchant.TestKey, "/v1/branding", """{"name":"Mine"}""");
        foreach (var other in new[] { merchant.LiveKey, await host.NewKeyAsync() }) (await host.GetAsync(other, "/v1/branding"))["name"].ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"  "}""", "name")]
    [InlineData("""{"color":"red"}""", "color")]
    [InlineData("""{"color":"#12345g"}""", "color")]
    [InlineData("""{"color":"#123"}""", "color")]
    [InlineData("""{"color":"#123;}a"}""", "color")]
    [InlineData("""{"logo":"http://shop.example/logo.png"}""", "logo")]
    [InlineData("""{"logo":"/logo.png"}""", "logo")]
    [InlineData("""{"logo":"https://user:pw@shop.example/logo.png"}""", "logo")]
    [InlineData("""{"logo":"https://*/logo.png"}""", "logo")]
    [InlineData("""{"logo":"javascript:alert(1)"}""", "logo")]
    [InlineData("""{"logo":"data:image/svg+xml;base64,PHN2Zy8+"}""", "logo")]
    [InlineData("""{"logo":"data:text/html;base64,PHN2Zy8+"}""", "logo")]
    [InlineData("""{"logo":"data:image/png;base64,PHN2Zy8+"}""", "logo")]
    [InlineData("""{"logo":"data:image/webp;base64,UklGRg=="}""", "logo")]
    [InlineData("""{"logo":"data:image/png;base64,no base64"}""", "logo")]
    [InlineData("""{"colour":"#123456"}""", "colour")]
    public async Task A_wrong_member_is_named_and_changes_nothing(string body, string issue)
    {
        var key = await host.NewKeyAsync();
        var answer = await host.PostAsync(key, "/v1/branding", body);
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
        answer.Issues.ShouldBe([issue]);
        (await host.GetAsync(key, "/v1/branding")).Body.GetRawText().ShouldBe("""{"name":null,"color":null,"logo":null}""");
    }

    [Fact]
    public async Task An_image_of_32_KB_is_taken_and_a_larger_one_is_not()
    {
        var key = await host.NewKeyAsync();
        (await SendAsync(32 * 1024)).Status.ShouldBe(200);
        (await SendAsync((32 * 1024) + 1)).Issues.ShouldBe(["logo"]);

        Task<Answer> SendAsync(int size)
        {
            var image = new byte[size];
            ((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]).CopyTo(image);
            return host.PostAsync(key, "/v1/branding", $$"""{"logo":"data:image/jpeg;base64,{{Convert.ToBase64String(image)}}"}""");
        }
    }
}
