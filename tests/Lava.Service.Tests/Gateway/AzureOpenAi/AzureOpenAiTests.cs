using System.Text;
using System.Text.Json;
using Lava.Service.Ports.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Gateway.AzureOpenAi;

/// <summary>Calls over two resources: one with provisioned throughput, asked first by key and v1 path, and one that is paid by use, asked by identity and the path of its deployment.</summary>
public sealed class AzureOpenAiTests : IAsyncLifetime
{
    private const string Body = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}""";

    // gpt-4o-mini, 1,000 tokens in and 1,000 out at 0.15 and 0.60 a million.
    private const decimal Cost = 0.00075m;

    private readonly OddProviderWorld _world = new();
    private FakeAzure _provisioned = null!;
    private FakeAzure _byUse = null!;

    public async Task InitializeAsync()
    {
        _provisioned = await FakeAzure.StartAsync("api-key: key-of-the-resource", "mini-ptu");
        _byUse = await FakeAzure.StartAsync("Authorization: Bearer token-of-the-server", "mini.payg", "gpt-4.1");
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["0:Endpoint"] = _provisioned.Address.ToString(),
            ["0:Key"] = "key-of-the-resource",
            ["0:Deployments"] = "gpt-4o-mini=mini-ptu",
            ["1:Endpoint"] = _byUse.Address.ToString(),
            ["1:ApiVersion"] = "2024-10-21",
            ["1:Priority"] = "1",
            ["1:Deployments"] = "gpt-4o-mini = mini.payg, gpt-4.1",
        })
        {
            _world.Settings["Lava:AzureOpenAI:Resources:" + name] = value;
        }

        _world.Settings["Lava:ProviderKeys:openai"] = "";
        _world.Configure = services => services.AddSingleton<IAzureTokens>(new Tokens());
        await _world.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await _provisioned.DisposeAsync();
        await _byUse.DisposeAsync();
    }

    [Fact]
    public async Task A_model_goes_to_its_deployment_of_the_first_priority_and_costs_what_it_costs()
    {
        var merchant = await _world.NewMerchantAsync();
        var (status, text, id, response) = await _world.CallAsync(merchant.TestKey, "/v1/chat/completions", Body);
        status.ShouldBe(200, text);
        _provisioned.Asked.ShouldBe([("mini-ptu", "/openai/v1/chat/completions")]);

        // What Azure says of its filters passes as it is.
        JsonElement.Parse(text).GetProperty("choices")[0].TryGetProperty("content_filter_results", out _).ShouldBeTrue();
        response.Headers.GetValues("x-lava-provider").ShouldBe(["azure_openai"]);
        response.Headers.GetValues("x-ms-region").ShouldBe(["Sweden Central"]);
        var request = await _world.MeteredAsync(merchant.TestKey, id);
        (OddProviderWorld.CostOf(request), request.GetProperty("provider").GetString(), request.GetProperty("model").GetString()).ShouldBe((Cost, "azure_openai", "gpt-4o-mini"));
        await _world.AuditAsync();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task One_without_room_rests_for_as_long_as_it_says_and_the_next_serves(int status)
    {
        var merchant = await _world.NewMerchantAsync();
        _provisioned.Full = (status, 5_000);
        for (var i = 0; i < 3; i++) (await _world.CallAsync(merchant.TestKey, "/v1/chat/completions", Body)).Status.ShouldBe(200);
        _provisioned.Asked.Count.ShouldBe(1);
        _byUse.Asked.ShouldBe(Enumerable.Repeat(("mini.payg", "/openai/deployments/mini.payg/chat/completions?api-version=2024-10-21"), 3));

        _provisioned.Full = null;
        _world.Clock.Advance(TimeSpan.FromSeconds(5));
        (await _world.CallAsync(merchant.TestKey, "/v1/chat/completions", Body)).Status.ShouldBe(200);
        (_provisioned.Asked.Count, _byUse.Asked.Count).ShouldBe((2, 3));
    }

    [Fact]
    public async Task Where_none_has_room_the_client_is_told_so()
    {
        var merchant = await _world.NewMerchantAsync();
        (_provisioned.Full, _byUse.Full) = ((429, 9_000), (429, 9_000));
        (await _world.CallAsync(merchant.TestKey, "/v1/chat/completions", Body)).Status.ShouldBe(429);
        (_provisioned.Asked.Count, _byUse.Asked.Count).ShouldBe((1, 1));
        (await _world.BalanceAsync(merchant.TestKey)).ShouldBe(100m);
    }

    [Fact]
    public async Task One_that_is_not_there_is_passed_over()
    {
        var merchant = await _world.NewMerchantAsync();
        await _provisioned.DisposeAsync();
        (await _world.CallAsync(merchant.TestKey, "/v1/chat/completions", Body)).Status.ShouldBe(200);
        _byUse.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("azure/mini.payg", "mini.payg")]
    [InlineData("azure/gpt-4o-mini", "mini-ptu")]
    [InlineData("gpt-4.1", "gpt-4.1")]
    public async Task A_deployment_is_called_by_its_own_name_too(string model, string deployment)
    {
        var merchant = await _world.NewMerchantAsync();
        var (status, text, _, _) = await _world.CallAsync(merchant.TestKey, "/v1/chat/completions", Body.Replace("gpt-4o-mini", model, StringComparison.Ordinal));
        status.ShouldBe(200, text);
        _provisioned.Asked.Concat(_byUse.Asked).Select(asked => asked.Deployment).ShouldBe([deployment]);
    }

    [Fact]
    public async Task A_client_of_another_format_is_translated_to_it()
    {
        var merchant = await _world.NewMerchantAsync();
        var (status, text, _, _) = await _world.CallAsync(merchant.TestKey, "/v1/messages", """{"model":"azure/gpt-4o-mini","max_tokens":10,"messages":[{"role":"user","content":"hi"}]}""");
        status.ShouldBe(200, text);
        JsonElement.Parse(text).GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("Hi");
        _provisioned.Asked.Single().Deployment.ShouldBe("mini-ptu");
    }

    [Theory]
    [InlineData("https://stranger.openai.azure.com/openai/deployments/gpt-4o-mini/chat/completions?api-version=2024-10-21")]
    [InlineData("https://stranger.services.ai.azure.com/openai/v1/chat/completions")]
    public async Task The_operators_credentials_go_to_no_resource_but_the_operators(string target)
    {
        var merchant = await _world.NewMerchantAsync();
        var (status, text, _, _) = await _world.CallAsync(merchant.LiveKey, "/v1/forward?u=" + Uri.EscapeDataString(target), Body);
        (status, JsonElement.Parse(text).GetProperty("error").GetProperty("code").GetString()).ShouldBe((503, "provider_not_configured"), text);
        (_provisioned.Asked.Count, _byUse.Asked.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_resource_that_is_named_by_its_own_address_is_asked_alone_in_the_version_that_it_is_set_to()
    {
        await using var house = await FakeAzure.StartAsync("api-key: key-of-the-house", "house-mini");
        var world = new OddProviderWorld();
        world.Settings["Lava:AzureOpenAI:Resources:0:Endpoint"] = "https://house.openai.azure.com";
        world.Settings["Lava:AzureOpenAI:Resources:0:Key"] = "key-of-the-house";
        world.Settings["Lava:AzureOpenAI:Resources:0:ApiVersion"] = "2024-10-21";
        world.Settings["Lava:AzureOpenAI:Resources:0:Deployments"] = "gpt-4o-mini=house-mini";
        world.Settings["Lava:Upstreams:azure_openai"] = house.Address.ToString();
        await world.InitializeAsync();
        try
        {
            var merchant = await world.NewMerchantAsync();
            const string Target = "https://house.openai.azure.com/openai/deployments/house-mini/chat/completions?api-version=2025-01-01-preview";
            var request = await world.RequestOfAsync(merchant.TestKey, "/v1/forward?u=" + Uri.EscapeDataString(Target), Body);
            house.Asked.ShouldBe([("house-mini", "/openai/deployments/house-mini/chat/completions?api-version=2024-10-21")]);
            OddProviderWorld.CostOf(request).ShouldBe(Cost);
        }
        finally
        {
            await world.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_key_of_ones_own_goes_to_no_resource_of_the_operator()
    {
        var merchant = await _world.NewMerchantAsync();
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{merchant.TestKey}}","provider_key":"key-of-ones-own"}"""));
        (await _world.CallAsync(token, "/v1/chat/completions", Body.Replace("gpt-4o-mini", "azure/gpt-4o-mini", StringComparison.Ordinal))).Status.ShouldBe(503);
        (_provisioned.Asked.Count, _byUse.Asked.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_client_of_azures_own_carries_its_key_as_there()
    {
        var merchant = await _world.NewMerchantAsync();
        var (status, text, _, _) = await _world.CallAsync("", "/v1/chat/completions", Body, ("api-key", merchant.TestKey));
        status.ShouldBe(200, text);
    }

    private sealed class Tokens : IAzureTokens
    {
        public ValueTask<string> GetAsync(CancellationToken cancellationToken) => new("token-of-the-server");
    }
}
