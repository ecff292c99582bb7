using System.Net;
using System.Text.Json;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Catalogue;

public sealed class CatalogueEndpointsTests(LavaFixture lava) : IClassFixture<LavaFixture>
{
    private readonly HttpClient _http = lava.Http;

    [Fact]
    public async Task A_credential_that_does_not_authenticate_is_told_so_instead_of_being_given_the_public_list()
    {
        (await lava.SendAsync("aks_test_unknown_unknown_unknown", "GET", "/v1/models")).Status.ShouldBe(401);
        (await lava.SendAsync(lava.First.TestKey, "GET", "/v1/models")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_models_are_listed_as_openai_lists_them()
    {
        var body = await GetAsync("/v1/models");
        body.GetProperty("object").GetString().ShouldBe("list");
        var model = body.GetProperty("data").EnumerateArray().Single(model => model.GetProperty("id").GetString() == "gpt-4o-mini");
        model.GetProperty("object").GetString().ShouldBe("model");
        model.GetProperty("owned_by").GetString().ShouldBe("openai");
        model.GetProperty("created").GetInt64().ShouldBe(1721260800);
        model.EnumerateObject().Count().ShouldBe(4);
    }

    [Fact]
    public async Task Services_carry_prices_as_numbers_in_their_unit()
    {
        var body = await GetAsync("/v1/services");
        body.GetProperty("object").GetString().ShouldBe("list");
        var services = body.GetProperty("data").EnumerateArray().ToList();

        var chat = services.Single(service => Is(service, "openai", "gpt-4o"));
        chat.GetProperty("object").GetString().ShouldBe("model");
        chat.GetProperty("provider_label").GetString().ShouldBe("OpenAI");
        chat.GetProperty("endpoint").GetString().ShouldBe("https://api.openai.com/v1/chat/completions");
        chat.GetProperty("method").GetString().ShouldBe("POST");
        chat.GetProperty("service_type").GetString().ShouldBe("model");
        chat.GetProperty("managed").GetBoolean().ShouldBeTrue();
        var pricing = chat.GetProperty("pricing");
        pricing.GetProperty("type").GetString().ShouldBe("tokens_1m");
        pricing.GetProperty("input").GetDecimal().ShouldBe(2.5m);
        pricing.GetProperty("output").GetDecimal().ShouldBe(10m);
        pricing.GetProperty("cache_input_read").GetDecimal().ShouldBe(1.25m);
        pricing.TryGetProperty("cost_per_request", out _).ShouldBeFalse();
        chat.GetProperty("capabilities").EnumerateArray().Select(capability => capability.GetString()).ShouldContain("vision");

        var native = services.Single(service => Is(service, "google", "gemini-2.5-flash"));
        native.GetProperty("url_template").GetString().ShouldBe("https://generativelanguage.googleapis.com/v1beta/models/{model}:generateContent");
        native.TryGetProperty("endpoint", out _).ShouldBeFalse();
        native.GetProperty("pricing").GetProperty("audio").GetProperty("input").GetDecimal().ShouldBe(1m);

        services.Single(service => Is(service, "openai", "tts-1")).GetProperty("pricing").GetProperty("type").GetString().ShouldBe("characters_1m");
        services.Single(service => Is(service, "openai", "whisper-1")).GetProperty("pricing").GetProperty("type").GetString().ShouldBe("minute");
        services.Single(service => Is(service, "openai", "dall-e-3")).GetProperty("pricing").GetProperty("type").GetString().ShouldBe("image");
        services.Single(service => Is(service, "openai", "omni-moderation-latest")).GetProperty("pricing").GetProperty("input").GetDecimal().ShouldBe(0m);
        var search = services.Single(service => Is(service, "cohere", "rerank-v3.5")).GetProperty("pricing");
        (search.GetProperty("type").GetString(), search.GetProperty("input").GetDecimal()).ShouldBe(("searches_1k", 2m));
    }

    [Fact]
    public async Task The_count_of_a_provider_is_the_number_of_its_entries()
    {
        var body = await GetAsync("/v1/services");
        var counts = body.GetProperty("data").EnumerateArray().CountBy(service => service.GetProperty("provider").GetString()!).ToDictionary();
        foreach (var provider in body.GetProperty("providers").EnumerateArray())
            provider.GetProperty("entry_count").GetInt32().ShouldBe(counts.GetValueOrDefault(provider.GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task One_provider_has_its_slice_and_an_unknown_one_an_empty_list()
    {
        var groq = await GetAsync("/v1/services?provider=groq");
        groq.GetProperty("data").EnumerateArray().Select(service => service.GetProperty("provider").GetString()).Distinct().ShouldHaveSingleItem().ShouldBe("groq");
        groq.GetProperty("providers").GetArrayLength().ShouldBe(1);
        var none = await GetAsync("/v1/services?provider=nobody");
        none.GetProperty("data").GetArrayLength().ShouldBe(0);
        none.GetProperty("providers").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("openai", "openai")]
    [InlineData("OpenAI", "openai")]
    [InlineData("googleOpenaiCompatible", "google_openai_compatible")]
    public async Task A_provider_is_shown_bare(string name, string id)
    {
        var body = await GetAsync("/v1/services/providers/" + name);
        body.EnumerateObject().Select(member => member.Name).ShouldBe(["id", "label", "api_reference", "service_type", "managed", "entry_count"]);
        body.GetProperty("id").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task An_unknown_provider_is_a_404_in_the_envelope()
    {
        using var response = await _http.GetAsync("/v1/services/providers/nobody");
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        body.RootElement.GetProperty("error").GetProperty("code").GetString().ShouldBe("provider_not_found");
    }

    [Theory]
    [InlineData("?query=groq", "groq")]
    [InlineData("?query=eleven", "elevenlabs")]
    [InlineData("?query=Google%20compatible", "google_openai_compatible")]
    [InlineData("?query=claude-sonnet-4-6", "anthropic")]
    [InlineData("?query=openai", "openai")]
    [InlineData("?query=openai&category=model", "openai")]
    public async Task The_best_provider_of_a_search_comes_first(string query, string id)
    {
        var body = await GetAsync("/v1/services/providers" + query);
        body.GetProperty("object").GetString().ShouldBe("list");
        body.GetProperty("data")[0].GetProperty("id").GetString().ShouldBe(id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?query=")]
    [InlineData("?query=%20")]
    [InlineData("?query=zzzz")]
    [InlineData("?query=openai%20zzzz")]
    [InlineData("?query=openai&category=api")]
    public async Task A_search_for_nothing_finds_nothing(string query) =>
        (await GetAsync("/v1/services/providers" + query)).GetProperty("data").GetArrayLength().ShouldBe(0);

    private static bool Is(JsonElement service, string provider, string id) =>
        service.GetProperty("provider").GetString() == provider && service.GetProperty("id").GetString() == id;

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync());
    }
}
