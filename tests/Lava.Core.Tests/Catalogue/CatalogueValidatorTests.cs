using Lava.Core.Catalogue;

namespace Lava.Core.Tests.Catalogue;

public sealed class CatalogueValidatorTests
{
    private static readonly CatalogueProvider Good = Sample.Provider("good", "api.good.com") with { Models = [Sample.Model("m")] };

    public static TheoryData<string, CatalogueProvider> Faults => new()
    {
        { "an id has", Good with { Id = "Bad Id" } },
        { "has no host", Good with { Hosts = [] } },
        { "has no endpoint", Good with { Endpoints = [] } },
        { "is not https", Good with { BaseUrl = "http://api.good.com" } },
        { "not a lower-case host name", Good with { Hosts = ["API.good.com"] } },
        { "not a lower-case host name", Good with { Hosts = ["localhost"] } },
        { "not a lower-case host name", Good with { Hosts = ["*.com"] } },
        { "not a lower-case host name", Good with { Hosts = ["a.*"] } },
        { "not a lower-case host name", Good with { Hosts = ["api-*.good.com"] } },
        { "not a lower-case host name", Good with { Hosts = ["api.good.com:8080"] } },
        { "service type", Good with { ServiceType = "other" } },
        { "another provider's", Good with { Aliases = ["GOOD"] } },
        { "is there twice", Good with { Endpoints = [Sample.Post("/v1/x"), Sample.Post("/v1/x")] } },
        { "a path starts", Good with { Endpoints = [Sample.Post("v1/x")] } },
        { "a path starts", Good with { Endpoints = [Sample.Post("/v1//x")] } },
        { "a path starts", Good with { Endpoints = [Sample.Post("/v1/x/")] } },
        { "a path starts", Good with { Endpoints = [Sample.Post("/v1/../x")] } },
        { "a path starts", Good with { Endpoints = [Sample.Post("/v1/{other}")] } },
        { "a path starts", Good with { Endpoints = [Sample.Post("/v1/{model}/{id}")] } },
        { "a path starts", Good with { Endpoints = [Sample.Post("/v1/{id}:x")] } },
        { "a path starts", Good with { Endpoints = [Sample.Post("/v1/x?y=1")] } },
        { "no method", Good with { Endpoints = [Sample.Post("/v1/x") with { Method = "post" }] } },
        { "price is negative", Good with { Endpoints = [Sample.Post("/v1/x") with { RequestPrice = -1 }] } },
        { "has a price", Good with { Endpoints = [Sample.Post("/v1/x", EndpointKind.Api)] } },
        { "another model's", Good with { Models = [Sample.Model("m"), Sample.Model("m")] } },
        { "another model's", Good with { Models = [Sample.Model("m"), Sample.Model("n", 1, 1, "m")] } },
        { "a name is empty", Good with { Models = [Sample.Model("")] } },
        { "has no price", Good with { Models = [Sample.Model("m") with { Price = new ModelPrice() }] } },
        { "none of output", Good with { Models = [Sample.Model("m") with { Price = new ModelPrice { Input = 1 } }] } },
        { "no price of them", Good with { Models = [Sample.Model("m") with { Price = new ModelPrice { Characters = 1 } }] } },
        { "cannot be formed", Good with { Models = [Sample.Model("m") with { Price = new ModelPrice { Input = 1, Output = 1, Minute = 1 } }] } },
        { "cannot be formed", Good with { Models = [Sample.Model("m") with { Kind = EndpointKind.Speech, Price = new ModelPrice { Minute = 1 } }] } },
        { "cannot be formed", Good with { Models = [Sample.Model("m") with { Kind = EndpointKind.Transcription, Price = new ModelPrice { Characters = 1 } }] } },
        { "cannot be formed", Good with { Endpoints = [Sample.Post("/v1/x", EndpointKind.Speech) with { Format = WireFormat.ElevenLabs }], Models = [Sample.Model("m") with { Kind = EndpointKind.Speech }] } },
        { "output limits", Good with { Endpoints = [Sample.Post("/v1/x") with { OutputLimits = ["max_output_tokens"] }] } },
        { "negative or absurd", Good with { Models = [Sample.Model("m", -1)] } },
        { "negative or absurd", Good with { Models = [Sample.Model("m") with { Price = new ModelPrice { Input = 1, Output = 1, CacheRead = -0.1m } }] } },
        { "of a rule is negative", With(new PriceRule { Above = 1, Input = -2, Output = 2 }) },
        { "bound is not positive", Good with { Models = [Sample.Model("m") with { ContextTokens = 0 }] } },
        { "bound is not positive", With(new PriceRule { Above = 0, Input = 2, Output = 2 }) },
        { "a rule changes no price", With(new PriceRule { Tier = "flex" }) },
        { "a rule has no condition", With(new PriceRule { Factor = 2 }) },
        { "a rule ends before", With(new PriceRule { From = new DateOnly(2026, 12, 2), Until = new DateOnly(2026, 12, 1), Factor = 2 }) },
        { "no span of hours", With(new PriceRule { Hours = ["1-4"], Factor = 2 }) },
        { "no span of hours", With(new PriceRule { Hours = ["10:00-06:00"], Factor = 2 }) },
        { "is no day", With(new PriceRule { Days = ["monday"], Factor = 2 }) },
        { "not in lower case", With(new PriceRule { Tier = "Flex", Factor = 2 }) },
        { "of a rule is negative", With(new PriceRule { Tier = "flex", Factor = -2 }) },
        { "of a rule is negative", With(new PriceRule { Tier = "flex", CacheRead = -2 }) },
        { "price of a tool", Good with { Tools = new ToolPrices { WebSearch = -1 } } },
        { "not an address", Good with { Source = "the price list" } },
        { "no word of a profile", Good with { Models = [Sample.Model("m") with { Profile = "in:text thinks" }] } },
        { "no word of a profile", Good with { Models = [Sample.Model("m") with { Profile = "budget:2000-1000" }] } },
        { "always free", Good with { Models = [Sample.Model("m") with { Kind = EndpointKind.Metadata }] } },
    };

    private static CatalogueProvider With(PriceRule rule) =>
        Good with { Models = [Sample.Model("m") with { Price = new ModelPrice { Input = 1, Output = 1, When = [rule] } }] };

    [Fact]
    public void A_right_catalogue_has_no_faults() => CatalogueValidator.Validate([Good]).ShouldBeEmpty();

    [Fact]
    public void A_free_model_says_so_with_zeros() => CatalogueValidator.Validate([Good with { Models = [Sample.Model("m", 0, 0)] }]).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_said_with_the_name_of_its_provider(string says, CatalogueProvider provider)
    {
        var faults = CatalogueValidator.Validate([provider]);
        faults.ShouldContain(fault => fault.StartsWith(provider.Id, StringComparison.Ordinal) && fault.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_providers_share_neither_a_name_nor_an_address()
    {
        CatalogueValidator.Validate([Good, Good with { Hosts = ["other.good.com"], BaseUrl = "https://other.good.com" }]).ShouldHaveSingleItem().ShouldContain("another provider's");
        CatalogueValidator.Validate([Good, Good with { Id = "twin" }]).ShouldHaveSingleItem().ShouldContain("is there twice");
    }
}
