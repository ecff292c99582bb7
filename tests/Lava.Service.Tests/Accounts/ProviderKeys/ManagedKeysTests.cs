using Lava.Core.Catalogue;
using Lava.Service.Catalogue;
using Lava.Service.Gateway.Keys;
using Lava.Service.Ports.Vault;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Lava.Service.Tests.Accounts.ProviderKeys;

public sealed class ManagedKeysTests
{
    private readonly TestClock _clock = new();
    private readonly Vault _vault = new();
    private readonly ProviderCatalogue _catalogue = CatalogueLoader.Load(null);

    [Fact]
    public async Task A_secret_holds_keys_in_lines_or_with_commas_between()
    {
        _vault.Secrets["provider-openai"] = "one\ntwo, three\n";
        (await Keys().FindAsync(OpenAi, default)).ShouldNotBeNull().Holds(["one", "two", "three"]).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_configured_comes_before_the_vault()
    {
        _vault.Secrets["provider-openai"] = "vault";
        (await Keys(("Lava:ProviderKeys:openai", "configured")).FindAsync(OpenAi, default)).ShouldNotBeNull().Next().ShouldBe("configured");
        (await Keys(("Lava:ProviderKeys:openai", " ")).FindAsync(OpenAi, default)).ShouldNotBeNull().Next().ShouldBe("vault");
    }

    [Fact]
    public async Task A_key_that_rests_goes_on_resting_when_the_secret_is_read_again()
    {
        _vault.Secrets["provider-openai"] = "one two";
        var keys = Keys();
        (await keys.FindAsync(OpenAi, default))!.Rest("one", TimeSpan.FromMinutes(5)).ShouldBe("two");
        _clock.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 4; i++) (await keys.FindAsync(OpenAi, default))!.Next().ShouldBe("two");
    }

    [Fact]
    public async Task A_change_is_seen_within_a_minute()
    {
        _vault.Secrets["provider-openai"] = "one";
        var keys = Keys();
        (await keys.FindAsync(OpenAi, default))!.Next().ShouldBe("one");
        _vault.Secrets.Remove("provider-openai");
        (await keys.FindAsync(OpenAi, default))!.Next().ShouldBe("one");
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await keys.FindAsync(OpenAi, default)).ShouldBeNull();
    }

    private CatalogueProvider OpenAi => _catalogue.FindProvider("openai")!;

    private ManagedKeys Keys(params (string Name, string Value)[] settings) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value)).Build(), _vault, _clock);

    private sealed class Vault : IVault
    {
        public Dictionary<string, string> Secrets { get; } = [];

        public ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult(Secrets.GetValueOrDefault(name));

        public ValueTask SetAsync(string name, string value, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DeleteAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
