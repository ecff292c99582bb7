using Lava.Service.Catalogue;
using Lava.Service.Gateway.Upstream;
using Microsoft.Extensions.Configuration;

namespace Lava.Service.Tests.Gateway.AzureOpenAi;

public sealed class AzureResourcesTests
{
    [Theory]
    [InlineData("0:Endpoint", "house.openai.azure.com", "Endpoint must be the resource's address")]
    [InlineData("0:Endpoint", "https://a:b@house.openai.azure.com", "Endpoint must be the resource's address")]
    [InlineData("0:Deployments", "", "Deployments is missing")]
    [InlineData("0:Deployments", "gpt-4o=a,gpt-4o=b", "\"gpt-4o=b\" is wrong")]
    [InlineData("0:Deployments", "gpt-4o=", "\"gpt-4o=\" is wrong")]
    [InlineData("0:Deployments", "gpt-4o=a/b", "\"gpt-4o=a/b\" is wrong")]
    [InlineData("0:Deployments", "gpt-4o=a b", "\"gpt-4o=a b\" is wrong")]
    [InlineData("0:Deployments", "gpt-0=a", "no model gpt-0")]
    [InlineData("0:Deployments", "gpt-4o-mini=gpt-4o", "the deployment gpt-4o is of gpt-4o-mini, and its name means gpt-4o")]
    [InlineData("0:Priority", "high", "Priority must be a number from 0 to 100")]
    [InlineData("0:Weight", "0", "Weight must be a number from 1 to 100")]
    [InlineData("0:Deployment", "a", "0:Deployment is not known")]
    public void A_wrong_setting_stops_the_start_and_is_named(string setting, string value, string message)
    {
        var settings = Settings(("0:Endpoint", "https://house.openai.azure.com"), ("0:Key", "k"), ("0:Deployments", "gpt-4o-mini=mini"));
        settings["Lava:AzureOpenAI:Resources:" + setting] = value;
        Should.Throw<InvalidOperationException>(() => CatalogueLoader.Load(null, AzureResources.Read(settings))).Message.ShouldContain(message);
    }

    [Fact]
    public void Without_a_key_an_identity_is_needed()
    {
        var resources = AzureResources.Read(Settings(("0:Endpoint", "https://house.openai.azure.com"), ("0:Deployments", "gpt-4o-mini")));
        Should.Throw<InvalidOperationException>(() => new AzurePools(resources, null, TimeProvider.System)).Message.ShouldContain("Resources:0:Key is missing");
    }

    [Fact]
    public void A_model_of_another_provider_has_its_price()
    {
        var catalogue = CatalogueLoader.Load(null, AzureResources.Read(Settings(("0:Endpoint", "https://house.services.ai.azure.com"), ("0:Key", "k"), ("0:Deployments", "mistral/mistral-small-latest=small"))));
        var azure = catalogue.FindProvider("azure")!;
        var mistral = catalogue.FindProvider("mistral")!;
        catalogue.FindModel(azure, "small")!.Price.ShouldBe(catalogue.FindModel(mistral, "mistral-small-latest")!.Price);
    }

    [Fact]
    public void Deployments_of_one_priority_take_turns_by_their_weights()
    {
        var resources = AzureResources.Read(Settings(
            ("0:Endpoint", "https://a.openai.azure.com"), ("0:Key", "k"), ("0:Deployments", "gpt-4o-mini=a"), ("0:Weight", "3"),
            ("1:Endpoint", "https://b.openai.azure.com"), ("1:Key", "k"), ("1:Deployments", "gpt-4o-mini=b"),
            ("2:Endpoint", "https://c.openai.azure.com"), ("2:Key", "k"), ("2:Deployments", "gpt-4o-mini=c"), ("2:Priority", "1")));
        var catalogue = CatalogueLoader.Load(null, resources);
        var pools = new AzurePools(resources, null, TimeProvider.System);
        var model = catalogue.FindModel(catalogue.FindProvider("azure")!, "gpt-4o-mini")!;
        var pool = pools.Find(AzureResources.AnyHost, model, "gpt-4o-mini")!;
        Enumerable.Range(0, 8).Select(_ => pool.Next()).GroupBy(id => id).ToDictionary(group => group.Key, group => group.Count()).ShouldBe(new Dictionary<string, int> { ["0/a"] = 6, ["1/b"] = 2 }, ignoreOrder: true);

        // A resource by its own host is that one alone, and one of nobody's is none.
        pools.Find("c.openai.azure.com", model, "gpt-4o-mini")!.Next().ShouldBe("2/c");
        pools.Find("stranger.openai.azure.com", model, "gpt-4o-mini").ShouldBeNull();

        // Who rests in one pool rests in all.
        pool.Rest("0/a", TimeSpan.FromHours(1)).ShouldBe("1/b");
        pool.Rest("1/b", TimeSpan.FromHours(1)).ShouldBe("2/c");
        pools.Find(AzureResources.AnyHost, model, "c")!.Next().ShouldBe("2/c");
        pools.Find(AzureResources.AnyHost, model, null)!.Next().ShouldBe("2/c");
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("Lava:AzureOpenAI:Resources:" + setting.Name, (string?)setting.Value))).Build();
}
