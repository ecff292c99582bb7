using Lava.Core.Catalogue;
using Lava.Service.Catalogue;
using Microsoft.Extensions.Configuration;

namespace Lava.Service.Tests.Catalogue;

public sealed class UpstreamMapTests
{
    private static readonly ProviderCatalogue Catalogue = CatalogueLoader.Load(null);

    private static readonly CatalogueProvider OpenAi = Catalogue.FindProvider("openai")!;

    private static readonly Uri Call = new("https://api.openai.com/v1/chat/completions?x=a%2Fb");

    [Fact]
    public void Without_a_redirect_a_call_goes_where_it_says()
    {
        var map = Map();
        map.IsRedirected(OpenAi).ShouldBeFalse();
        map.Resolve(OpenAi, Call).ShouldBe(Call);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000", "http://127.0.0.1:9000/v1/chat/completions?x=a%2Fb")]
    [InlineData("http://127.0.0.1:9000/", "http://127.0.0.1:9000/v1/chat/completions?x=a%2Fb")]
    [InlineData("https://eu.example.com/openai", "https://eu.example.com/openai/v1/chat/completions?x=a%2Fb")]
    [InlineData("https://eu.example.com/openai/", "https://eu.example.com/openai/v1/chat/completions?x=a%2Fb")]
    public void A_redirect_replaces_the_host_and_goes_before_the_path(string upstream, string address)
    {
        var map = Map(("Lava:Upstreams:openai", upstream));
        map.IsRedirected(OpenAi).ShouldBeTrue();
        map.Resolve(OpenAi, Call).AbsoluteUri.ShouldBe(address);
    }

    [Fact]
    public void A_redirect_is_of_one_provider_alone() => Map(("Lava:Upstreams:anthropic", "http://127.0.0.1:9000")).Resolve(OpenAi, Call).ShouldBe(Call);

    [Fact]
    public void An_empty_redirect_is_none() => Map(("Lava:Upstreams:openai", "")).IsRedirected(OpenAi).ShouldBeFalse();

    [Theory]
    [InlineData("not an address")]
    [InlineData("ftp://host")]
    [InlineData("/v1")]
    [InlineData("https://user:secret@host")]
    [InlineData("https://host/x?y=1")]
    [InlineData("https://host/x#y")]
    public void A_wrong_redirect_is_refused_by_name_at_start(string upstream) =>
        Should.Throw<InvalidOperationException>(() => Map(("Lava:Upstreams:openai", upstream))).Message.ShouldContain("Lava:Upstreams:openai");

    [Fact]
    public void A_redirect_of_a_provider_that_is_not_there_is_refused_at_start() =>
        Should.Throw<InvalidOperationException>(() => Map(("Lava:Upstreams:opneai", "http://127.0.0.1:9000"))).Message.ShouldContain("opneai");

    private static UpstreamMap Map(params (string Key, string Value)[] settings) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value))).Build(), Catalogue);
}
