namespace Lava.Service.Tests.Gateway;

/// <summary>Test money is given away: where it could buy inference on the operator's keys, the sandbox answers instead.</summary>
public sealed class TestMoneyTests
{
    private const string Call = """{"model":"gpt-4o-mini","max_tokens":10,"messages":[{"role":"user","content":"hi"}]}""";

    [Theory]
    [InlineData(OddProviderWorld.Chat)]
    [InlineData("/v1/chat/completions")]
    public async Task Test_keys_stay_in_the_sandbox_where_the_operator_says_so(string path)
    {
        var world = new OddProviderWorld { Settings = { ["Lava:Gateway:ManagedTestCalls"] = "false" } };
        await world.InitializeAsync();
        try
        {
            var merchant = await world.NewMerchantAsync();
            var (status, text, _, response) = await world.CallAsync(merchant.TestKey, path, Call);
            (status, response.Headers.Contains("x-sandbox"), world.Asked).ShouldBe((200, true, 0), text);

            // A key of the merchant's own goes to the provider in test mode too, and live keys take the operator's.
            await world.CallAsync(merchant.TestKey, "/v1/provider_keys/openai", new StringContent("""{"keys":["sk-of-the-merchant"]}"""), [], "PUT");
            world.AnswerWith("""{"id":"x","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}""");
            (await world.CallAsync(merchant.TestKey, path, Call)).Status.ShouldBe(200);
            world.Seen.Headers["authorization"].ShouldBe("Bearer sk-of-the-merchant");
            (await world.CallAsync(merchant.LiveKey, path, Call)).Status.ShouldBe(402);
        }
        finally
        {
            await world.DisposeAsync();
        }
    }

    [Fact]
    public async Task On_a_machine_of_ones_own_they_go_to_the_provider()
    {
        var world = new OddProviderWorld();
        await world.InitializeAsync();
        try
        {
            var merchant = await world.NewMerchantAsync();
            world.AnswerWith("""{"id":"x","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}""");
            (await world.CallAsync(merchant.TestKey, OddProviderWorld.Chat, Call)).Status.ShouldBe(200);
            world.Seen.Headers["authorization"].ShouldBe("Bearer sk-of-the-operator");
        }
        finally
        {
            await world.DisposeAsync();
        }
    }
}
