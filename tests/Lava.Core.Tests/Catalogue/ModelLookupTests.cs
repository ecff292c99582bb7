using Lava.Core.Catalogue;

namespace Lava.Core.Tests.Catalogue;

public sealed class ModelLookupTests
{
    private static readonly CatalogueProvider Maker = Sample.Provider("maker", "api.maker.com") with
    {
        FirstParty = true, Aliases = ["Maker-AI"], Models = [Sample.Model("big", 10, 20, "big-2026-01-01"), Sample.Model("small", 5, 5)],
    };

    private static readonly CatalogueProvider Host = Sample.Provider("host", "api.host.com") with
    {
        Models = [Sample.Model("big", 1, 1), Sample.Model("small", 2, 2), Sample.Model("maker/big", 3, 3), Sample.Model("open", 4, 4)],
    };

    private static readonly CatalogueProvider Cheap = Sample.Provider("cheap", "api.cheap.com") with { Models = [Sample.Model("open", 1, 1), Sample.Model("small", 1, 1)] };

    private static readonly CatalogueProvider Byok = Sample.Provider("byok", "api.byok.com") with { Managed = false, Models = [Sample.Model("open", 0, 0)] };

    private static readonly ProviderCatalogue Catalogue = new([Host, Byok, Maker, Cheap]);

    [Theory]
    [InlineData("big", "big")]
    [InlineData("big-2026-01-01", "big")]
    [InlineData("models/big", "big")]
    [InlineData("BIG", null)]
    [InlineData("bigger", null)]
    [InlineData("", null)]
    public void A_model_is_found_by_its_names_alone(string name, string? id) => (Catalogue.FindModel(Maker, name)?.Id).ShouldBe(id);

    [Fact]
    public void A_model_of_one_provider_is_not_another_ones()
    {
        Catalogue.FindModel(Maker, "open").ShouldBeNull();
        Catalogue.FindModel(Host, "big-2026-01-01").ShouldBeNull();
    }

    [Theory]
    [InlineData("maker")]
    [InlineData("MAKER")]
    [InlineData("maker-ai")]
    public void A_provider_is_found_by_its_names_in_any_case(string name) => Catalogue.FindProvider(name).ShouldBe(Maker);

    [Fact]
    public void An_unknown_provider_is_not_found() => Catalogue.FindProvider("nobody").ShouldBeNull();

    [Theory]
    [InlineData("small", "maker,cheap,host")]
    [InlineData("open", "cheap,host,byok")]
    [InlineData("big-2026-01-01", "maker")]
    [InlineData("nothing", "")]
    public void Who_serves_a_model_is_ranked_by_maker_then_keys_then_price(string name, string providers) =>
        string.Join(',', Catalogue.FindProvidersOf(name).Select(offer => offer.Provider.Id)).ShouldBe(providers);

    [Theory]
    [InlineData("maker/big", "maker:big,host:maker/big")]
    [InlineData("Maker-AI/small", "maker:small")]
    [InlineData("cheap/small", "cheap:small")]
    [InlineData("cheap/big", "")]
    [InlineData("/big", "")]
    [InlineData("maker/", "")]
    public void A_named_provider_comes_first(string name, string offers) =>
        string.Join(',', Catalogue.FindProvidersOf(name).Select(offer => $"{offer.Provider.Id}:{offer.Model.Id}")).ShouldBe(offers);

    [Fact]
    public void Every_offer_is_listed_once() => Catalogue.Offers.Length.ShouldBe(9);

    [Fact]
    public void Models_are_read_when_a_name_that_they_may_have_is_asked_for()
    {
        var reads = 0;
        var lazy = new LazyModels(() => { reads++; return [Sample.Model("late", 1, 2, "later")]; }, name => name.StartsWith("late", StringComparison.Ordinal));
        var catalogue = new ProviderCatalogue([Maker, Sample.Provider("lazy", "api.lazy.com") with { Models = lazy }]);
        catalogue.FindProvidersOf("big").ShouldHaveSingleItem();
        catalogue.FindProvidersOf("nothing").ShouldBeEmpty();
        reads.ShouldBe(0);
        catalogue.FindProvidersOf("later").ShouldHaveSingleItem().Model.Id.ShouldBe("late");
        catalogue.FindProvidersOf("lately").ShouldBeEmpty();
        catalogue.FindProvidersOf("lazy/late")[0].Model.Id.ShouldBe("late");
        (reads, catalogue.Offers.Length).ShouldBe((1, 3));
    }
}
