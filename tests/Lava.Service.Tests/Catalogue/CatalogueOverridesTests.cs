using Lava.Service.Catalogue;

namespace Lava.Service.Tests.Catalogue;

public sealed class CatalogueOverridesTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"catalogue-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_provider_is_added_by_an_entry_alone()
    {
        File.WriteAllText(_path, """
            {
              // A comment and a final comma are fine.
              "providers": [{
                "id": "house", "label": "House", "hosts": ["llm.house.example"], "base_url": "https://llm.house.example/v1", "managed": false,
                "endpoints": [{ "method": "POST", "path": "/v1/chat/completions", "kind": "chat", "format": "open_ai_chat" }],
                "models": [{ "id": "house-1", "price": { "input": 0.5, "output": 1 } }],
              }]
            }
            """);
        var catalogue = CatalogueLoader.Load(_path);
        catalogue.TryResolve("POST", "llm.house.example", "/v1/chat/completions", out var match).ShouldBeTrue();
        match.Provider.Managed.ShouldBeFalse();
        match.Provider.ServiceType.ShouldBe("model");
        var model = catalogue.FindModel(match.Provider, "house-1").ShouldNotBeNull();
        model.Price.Output.ShouldBe(1);
        model.Aliases.ShouldBeEmpty();
        catalogue.FindProvider("openai").ShouldNotBeNull();
    }

    [Fact]
    public void A_price_is_changed_and_a_model_added_at_a_shipped_provider()
    {
        File.WriteAllText(_path, """
            { "models": { "openai": [
              { "id": "gpt-4o", "price": { "input": 2, "output": 8 } },
              { "id": "ft:gpt-4o:house", "price": { "input": 3.75, "output": 15 } }
            ] } }
            """);
        var shipped = CatalogueLoader.Load(null);
        var catalogue = CatalogueLoader.Load(_path);
        var openai = catalogue.FindProvider("openai")!;
        catalogue.FindModel(openai, "gpt-4o")!.Price.Input.ShouldBe(2);
        catalogue.FindModel(openai, "ft:gpt-4o:house")!.Price.Input.ShouldBe(3.75m);
        catalogue.FindModel(openai, "gpt-4o-mini")!.Price.When.ShouldBe(shipped.FindModel(shipped.FindProvider("openai")!, "gpt-4o-mini")!.Price.When);
        openai.Models.Count.ShouldBe(shipped.FindProvider("openai")!.Models.Count + 1);
    }

    [Theory]
    [InlineData("""{ "models": { "openai": [{ "id": "x", "price": { "inptu": 1, "output": 1 } }] } }""", "inptu")]
    [InlineData("""{ "models": { "openai": [{ "id": "x" }] } }""", "price")]
    [InlineData("""{ "models": { "nobody": [] } }""", "nobody")]
    [InlineData("""{ "models": { "openai": [{ "id": "x", "price": { "input": -1, "output": 1 } }] } }""", "negative")]
    [InlineData("""{ "models": { "openai": [{ "id": "x", "kind": "chta", "price": { "input": 1, "output": 1 } }] } }""", "kind")]
    [InlineData("""{ "models": { "openai": [{ "id": "x", "aliases": ["gpt-4o"], "price": { "input": 1, "output": 1 } }] } }""", "gpt-4o")]
    [InlineData("""{ "models": { "openai": [{ "id": "x", "price": { "input": 1, "output": 1 } }, { "id": "x", "price": { "input": 2, "output": 2 } }] } }""", "x")]
    [InlineData("""{ "upstream": {} }""", "upstream")]
    [InlineData("null", "")]
    [InlineData("not json", "")]
    public void A_wrong_file_is_refused_whole_with_what_is_wrong(string content, string says)
    {
        File.WriteAllText(_path, content);
        Should.Throw<InvalidOperationException>(() => CatalogueLoader.Load(_path)).Message.ShouldContain(says);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Should.Throw<InvalidOperationException>(() => CatalogueLoader.Load(_path)).Message.ShouldContain(_path);
}
