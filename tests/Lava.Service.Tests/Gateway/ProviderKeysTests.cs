using Lava.Core.Catalogue;
using Lava.Service.Catalogue;
using Lava.Service.Gateway;
using Lava.Service.Ports;
using Lava.Service.Tests.Management;
using Microsoft.Extensions.Configuration;

namespace Lava.Service.Tests.Gateway;

public sealed class ProviderKeysTests
{
    private readonly TestClock _clock = new();
    private readonly Vault _vault = new();
    private readonly ProviderCatalogue _catalogue = CatalogueLoader.Load(null);

    [Fact]
    public async Task Several_keys_take_turns()
    {
        _vault.Secrets["provider-openai"] = "one\ntwo, three\n";
        var keys = Keys();
        var taken = new List<string?>();
        for (var i = 0; i < 6; i++) taken.Add(await keys.FindAsync(OpenAi, default));
        taken.Order().ShouldBe(["one", "one", "three", "three", "two", "two"]);
        taken[..3].ShouldBeUnique();
    }

    [Fact]
    public async Task One_that_is_slowed_down_rests_and_another_is_named()
    {
        _vault.Secrets["provider-openai"] = "one two";
        var keys = Keys();
        await keys.FindAsync(OpenAi, default);
        keys.Rest(OpenAi, "one", TimeSpan.FromSeconds(30)).ShouldBe("two");
        for (var i = 0; i < 4; i++) (await keys.FindAsync(OpenAi, default)).ShouldBe("two");
        keys.Rest(OpenAi, "two", TimeSpan.FromSeconds(10)).ShouldBeNull();
        (await keys.FindAsync(OpenAi, default)).ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromSeconds(11));
        for (var i = 0; i < 4; i++) (await keys.FindAsync(OpenAi, default)).ShouldBe("two");
        _clock.Advance(TimeSpan.FromSeconds(20));
        new[] { await keys.FindAsync(OpenAi, default), await keys.FindAsync(OpenAi, default) }.Order().ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task A_single_key_never_rests_and_a_change_is_seen_within_a_minute()
    {
        _vault.Secrets["provider-openai"] = "one";
        var keys = Keys();
        (await keys.FindAsync(OpenAi, default)).ShouldBe("one");
        keys.Rest(OpenAi, "one", TimeSpan.FromSeconds(30)).ShouldBeNull();
        (await keys.FindAsync(OpenAi, default)).ShouldBe("one");
        _vault.Secrets.Remove("provider-openai");
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await keys.FindAsync(OpenAi, default)).ShouldBeNull();
    }

    private CatalogueProvider OpenAi => _catalogue.FindProvider("openai")!;

    private ProviderKeys Keys()
    {
        var configuration = new ConfigurationBuilder().Build();
        return new ProviderKeys(configuration, _vault, new UpstreamMap(configuration, _catalogue), _clock);
    }

    private sealed class Vault : IVault
    {
        public Dictionary<string, string> Secrets { get; } = [];

        public ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult(Secrets.GetValueOrDefault(name));

        public ValueTask SetAsync(string name, string value, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DeleteAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
