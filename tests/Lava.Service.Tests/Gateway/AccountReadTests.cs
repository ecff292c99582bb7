using System.Text;
using System.Text.Json;

namespace Lava.Service.Tests.Gateway;

/// <summary>Reads with the operator's key: for those who could pay, recorded, and without what is the operator's own.</summary>
public sealed class AccountReadTests(OddProviderWorld world) : IClassFixture<OddProviderWorld>
{
    private const string Models = "/v1/forward?u=https://api.openai.com/v1/models";

    private const string Listed = """{"object":"list","data":[{"id":"gpt-4o","owned_by":"system"},{"id":"ft:gpt-4o:acme-secret::x","owned_by":"acme-secret"}]}""";

    [Fact]
    public async Task A_list_has_the_catalogues_models_alone()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(Listed);
        var (status, text, id, response) = await world.CallAsync(merchant.TestKey, Models, null, [], "GET");
        (status, response.Content.Headers.ContentType!.MediaType).ShouldBe((200, "application/json"));
        JsonElement.Parse(text).GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).ShouldBe(["gpt-4o"]);
        text.ShouldNotContain("acme");
        (await world.MeteredAsync(merchant.TestKey, id)).GetProperty("cost").GetString().ShouldBe("0.0000000000");
        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(100);
    }

    [Fact]
    public async Task A_model_that_the_catalogue_lacks_is_not_looked_up()
    {
        var merchant = await world.NewMerchantAsync();
        var asked = world.Asked;
        (await world.CallAsync(merchant.TestKey, Models + "/ft:gpt-4o:acme-secret::x", null, [], "GET")).Status.ShouldBe(400);
        world.Asked.ShouldBe(asked);
    }

    [Fact]
    public async Task Voices_are_everybodys_or_none()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"voices":[{"voice_id":"1","name":"Rachel","category":"premade"},{"voice_id":"2","name":"The boss","category":"cloned"}]}""");
        var (status, text, _, _) = await world.CallAsync(merchant.TestKey, "/v1/forward?u=https://api.elevenlabs.io/v1/voices", null, [], "GET");
        (status, text.Contains("Rachel", StringComparison.Ordinal), text.Contains("boss", StringComparison.Ordinal)).ShouldBe((200, true, false));
        world.AnswerWith("""{"voice_id":"2","name":"The boss","category":"cloned"}""");
        (status, text, _, _) = await world.CallAsync(merchant.TestKey, "/v1/forward?u=https://api.elevenlabs.io/v1/voices/2", null, [], "GET");
        (status, text.Contains("boss", StringComparison.Ordinal)).ShouldBe((502, false));
    }

    [Fact]
    public async Task An_empty_wallet_reads_nothing()
    {
        var merchant = await world.NewMerchantAsync(funds: 0);
        (await world.CallAsync(merchant.TestKey, Models, null, [], "GET")).Status.ShouldBe(402);
    }

    [Fact]
    public async Task A_key_of_ones_own_reads_all()
    {
        var merchant = await world.NewMerchantAsync(funds: 0);
        var own = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{merchant.TestKey}}","provider_key":"sk-own"}"""));
        world.AnswerWith(Listed);
        (await world.CallAsync(own, Models, null, [], "GET")).Text.ShouldBe(Listed);
    }
}
