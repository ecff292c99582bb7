namespace Lava.Service.Tests.Gateway.Upstream;

/// <summary>An operator's address without a key: vLLM, Ollama and LM Studio take none.</summary>
public sealed class AddressAloneTests(AddressAloneTests.KeylessWorld keyless) : IClassFixture<AddressAloneTests.KeylessWorld>
{
    private const string Call = """{"model":"gpt-4o-mini","max_tokens":10,"messages":[{"role":"user","content":"Hi"}]}""";

    private const string Whole = """{"id":"x","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":10}}""";

    private OddProviderWorld World => keyless.World;

    [Theory]
    [InlineData(OddProviderWorld.Chat)]
    [InlineData("/v1/chat/completions")]
    public async Task An_address_without_a_key_is_called_without_credentials(string path)
    {
        var merchant = await World.NewMerchantAsync();
        World.AnswerWith(Whole);
        var request = await World.RequestOfAsync(merchant.TestKey, path, Call);
        World.Seen.Target.ShouldBe("/v1/chat/completions");
        World.Seen.Headers.Keys.ShouldNotContain(name => name == "authorization" || name == "api-key" || name == "x-api-key");

        // gpt-4o-mini: 0.15 and 0.60 US dollars per million tokens.
        OddProviderWorld.CostOf(request).ShouldBe(0.000156m);
        (await World.BalanceAsync(merchant.TestKey)).ShouldBe(99.999844m);
    }

    [Fact]
    public async Task A_key_that_the_merchant_has_stored_still_goes_there()
    {
        var merchant = await World.NewMerchantAsync();
        var body = new StringContent("""{"keys":["sk-of-the-merchant"]}""", System.Text.Encoding.UTF8, "application/json");
        (await World.CallAsync(merchant.TestKey, "/v1/provider_keys/openai", body, [], "PUT")).Status.ShouldBe(200);
        World.AnswerWith(Whole);
        (await World.CallAsync(merchant.TestKey, OddProviderWorld.Chat, Call)).Status.ShouldBe(200);
        World.Seen.Headers["authorization"].ShouldBe("Bearer sk-of-the-merchant");
    }

    [Fact]
    public async Task A_provider_with_neither_address_nor_key_stays_in_the_sandbox()
    {
        var merchant = await World.NewMerchantAsync();
        var asked = World.Asked;
        (await World.CallAsync(merchant.TestKey, "/v1/chat/completions", Call.Replace("gpt-4o-mini", "grok-3-mini", StringComparison.Ordinal))).Status.ShouldBe(200);
        World.Asked.ShouldBe(asked);
    }

    public sealed class KeylessWorld : IAsyncLifetime
    {
        public OddProviderWorld World { get; } = new() { Settings = { ["Lava:ProviderKeys:openai"] = "" } };

        public Task InitializeAsync() => World.InitializeAsync();

        public Task DisposeAsync() => World.DisposeAsync();
    }
}
