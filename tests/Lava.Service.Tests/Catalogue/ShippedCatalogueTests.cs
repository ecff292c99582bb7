using System.Globalization;
using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Core.Pricing;
using Lava.Service.Catalogue;

namespace Lava.Service.Tests.Catalogue;

/// <summary>The shipped files: what the SDK's addresses, the specification's sample prices and plain sense ask of them.</summary>
public sealed class ShippedCatalogueTests
{
    private static readonly ProviderCatalogue Catalogue = CatalogueLoader.Load(null);

    /// <summary>The base addresses of the npm client <c>@lavapayments/nodejs</c> 11.2.0 (<c>lava.providers</c>), with the path that its documentation appends.</summary>
    [Theory]
    [InlineData("https://api.openai.com/v1", "/chat/completions", "openai")]
    [InlineData("https://api.anthropic.com/v1", "/messages", "anthropic")]
    [InlineData("https://api.mistral.ai/v1", "/chat/completions", "mistral")]
    [InlineData("https://api.deepseek.com/v1", "/chat/completions", "deepseek")]
    [InlineData("https://api.x.ai/v1", "/chat/completions", "xai")]
    [InlineData("https://generativelanguage.googleapis.com/v1beta", "/models/gemini-2.5-flash:generateContent", "google")]
    [InlineData("https://generativelanguage.googleapis.com/v1beta", "/models/gemini-2.5-flash:streamGenerateContent", "google")]
    [InlineData("https://generativelanguage.googleapis.com/v1beta/openai", "/chat/completions", "googleOpenaiCompatible")]
    [InlineData("https://api.kluster.ai/v1", "/chat/completions", "kluster")]
    [InlineData("https://api.inference.net/v1", "/chat/completions", "inference")]
    [InlineData("https://api.groq.com/openai/v1", "/chat/completions", "groq")]
    [InlineData("https://api.novita.ai/v3/openai", "/chat/completions", "novita")]
    [InlineData("https://api.v0.dev/v1", "/chat/completions", "vercel")]
    [InlineData("https://api.together.xyz/v1", "/chat/completions", "together")]
    [InlineData("https://api.hyperbolic.xyz/v1", "/chat/completions", "hyperbolic")]
    [InlineData("https://api.elevenlabs.io/v1", "/text-to-speech/21m00Tcm4TlvDq8ikWAM", "elevenlabs")]
    [InlineData("https://api.sambanova.ai/v1", "/chat/completions", "sambanova")]
    [InlineData("https://api.deepinfra.com/v1/openai", "/chat/completions", "deepinfra")]
    [InlineData("https://api.cohere.ai/compatibility/v1", "/chat/completions", "cohere")]
    [InlineData("https://api.parasail.io/v1", "/chat/completions", "parasail")]
    [InlineData("https://api.studio.nebius.com/v1", "/chat/completions", "nebius")]
    [InlineData("https://api.fireworks.ai/inference/v1", "/chat/completions", "fireworks")]
    [InlineData("https://api.embercloud.ai/v1", "/chat/completions", "embercloud")]
    [InlineData("https://api.cerebras.ai/v1", "/chat/completions", "cerebras")]
    [InlineData("https://api.targon.com/v1", "/chat/completions", "targon")]
    [InlineData("https://api.gmi-serving.com/v1", "/chat/completions", "gmicloud")]
    [InlineData("https://llm.chutes.ai/v1", "/chat/completions", "chutes")]
    [InlineData("https://inference.baseten.co/v1", "/chat/completions", "baseten")]
    [InlineData("https://api.moonshot.ai/v1", "/chat/completions", "moonshot")]
    [InlineData("https://bedrock-runtime.eu-central-1.amazonaws.com", "/model/amazon.nova-lite-v1%3A0/converse-stream", "bedrock")]
    public void Every_address_of_the_sdk_resolves_to_its_provider(string address, string path, string name)
    {
        var url = new Uri(address + path);
        Catalogue.TryResolve("POST", url.Host, url.AbsolutePath, out var match).ShouldBeTrue();
        var provider = Catalogue.FindProvider(name).ShouldNotBeNull();
        match.Provider.ShouldBeSameAs(provider);
        if (name != "bedrock") provider.BaseUrl.ShouldBe(address);
        match.Endpoint.Streams.ShouldBe(path.Contains("stream", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Sample list prices of behaviour.md §12, and the long-known ones.</summary>
    [Theory]
    [InlineData("anthropic", "claude-sonnet-4-6", "3", "15")]
    [InlineData("anthropic", "claude-haiku-4-5", "1", "5")]
    [InlineData("anthropic", "claude-opus-4-6", "5", "25")]
    [InlineData("openai", "gpt-4", "30", "60")]
    [InlineData("openai", "o3-pro", "20", "80")]
    [InlineData("openai", "gpt-4o", "2.5", "10")]
    [InlineData("openai", "gpt-4o-mini", "0.15", "0.6")]
    [InlineData("google", "gemini-2.5-pro", "1.25", "10")]
    [InlineData("google", "models/gemini-2.5-flash", "0.30", "2.50")]
    [InlineData("google_openai_compatible", "models/gemini-2.5-flash", "0.30", "2.50")]
    [InlineData("vercel", "v0-1.5-md", "3", "15")]
    [InlineData("moonshot", "kimi-k2-0905-preview", "0.60", "2.50")]
    [InlineData("baseten", "deepseek-ai/DeepSeek-V3-0324", "0.77", "0.77")]
    [InlineData("cerebras", "gpt-oss-120b", "0.35", "0.75")]
    [InlineData("cerebras", "llama3.1-8b", "0", "0")]
    public void The_sample_prices_hold(string provider, string model, string input, string output)
    {
        var price = Catalogue.FindModel(Catalogue.FindProvider(provider)!, model).ShouldNotBeNull().Price;
        price.Input.ShouldBe(decimal.Parse(input, CultureInfo.InvariantCulture));
        price.Output.ShouldBe(decimal.Parse(output, CultureInfo.InvariantCulture));
    }

    /// <summary>What a call costs by the providers' price lists of November 2026, by hand: GPT-5.5 and 5.6 cost twice the input and one and a half times the output once a prompt has more than 272,000 tokens.</summary>
    [Theory]
    [InlineData("anthropic", "claude-sonnet-5", 100_000, 10_000, "0.30")]
    [InlineData("openai", "gpt-5.5", 272_000, 10_000, "1.66")]
    [InlineData("openai", "gpt-5.5", 300_000, 10_000, "3.45")]
    [InlineData("openai", "gpt-5.5-pro", 300_000, 10_000, "20.70")]
    [InlineData("openai", "gpt-5.6-sol", 100_000, 10_000, "0.80")]
    [InlineData("openai", "gpt-5.6-sol", 300_000, 10_000, "3.45")]
    [InlineData("mistral", "mistral-large-latest", 100_000, 10_000, "0.065")]
    [InlineData("mistral", "mistral-large-2411", 100_000, 10_000, "0.26")]
    [InlineData("mistral", "mistral-small-latest", 100_000, 10_000, "0.021")]
    public void A_call_costs_what_the_provider_lists(string provider, string model, long input, long output, string cost) =>
        ProviderCost.Of(Price(provider, model), new Usage { InputTokens = input, OutputTokens = output },
            At).Cost.Total.ShouldBe(decimal.Parse(cost, CultureInfo.InvariantCulture));

    [Fact]
    public void Speech_is_priced_by_characters_and_transcription_by_the_minute()
    {
        Price("elevenlabs", "eleven_multilingual_v2").Characters.ShouldBe(100);
        Price("openai", "tts-1").Characters.ShouldBe(15);
        Price("openai", "whisper-1").Minute.ShouldBe(0.006m);
        Price("openai", "dall-e-3").Image.ShouldBe(0.04m);
    }

    [Fact]
    public void There_are_the_28_providers_of_the_sdk_and_more_than_1300_priced_models()
    {
        Catalogue.Providers.Count.ShouldBeGreaterThanOrEqualTo(29);
        Catalogue.Providers.Sum(provider => provider.ModelsOf is null ? provider.Models.Count : 0).ShouldBeGreaterThan(1_300);
    }

    /// <summary>A start does not read them, so they are checked here.</summary>
    [Fact]
    public void The_models_of_all_shipped_files_are_right()
    {
        CatalogueValidator.Validate([.. Catalogue.Providers.Select(provider => provider with { Models = [.. provider.Models] })]).ShouldBeEmpty();
        Catalogue.Offers.SelectMany(offer => offer.Model.Aliases.Prepend(offer.Model.Id)).ShouldAllBe(name => name.Length <= ShippedFile.LongestName);
    }

    /// <summary>However a catalogue is asked, a model is found at the same providers, whether their models have been read before or not.</summary>
    [Fact]
    public void Models_are_found_without_reading_those_of_all_providers()
    {
        foreach (var name in Catalogue.Offers.SelectMany(offer => offer.Model.Aliases.Append(offer.Model.Id)).Distinct().Where((_, index) => index % 97 == 0))
        {
            var fresh = CatalogueLoader.Load(null);
            var expected = Catalogue.Offers.Where(offer => offer.Model.Aliases.Append(offer.Model.Id).Contains(name)).Select(offer => offer.Provider.Id);
            fresh.FindProvidersOf(name).Select(offer => offer.Provider.Id).Intersect(expected).Count().ShouldBe(expected.Count(), name);
            fresh.FindProvidersOf(name)[0].Model.Id.ShouldBe(Catalogue.FindProvidersOf(name)[0].Model.Id);
        }

        CatalogueLoader.Load(null).FindProvidersOf("no-such-model").ShouldBeEmpty();
        CatalogueLoader.Load(null).FindProvidersOf(new string('x', 5_000)).ShouldBeEmpty();
    }

    [Fact]
    public void Everything_known_of_a_model_says_where_and_when_it_was_listed()
    {
        Catalogue.Offers.Where(offer => offer.Source is null).Select(offer => $"{offer.Provider.Id} {offer.Model.Id}").ShouldBeEmpty();
        var sources = Catalogue.Offers.SelectMany(offer => offer.Sources).Distinct().ToList();
        sources.ShouldAllBe(source => source.Url.StartsWith("https://", StringComparison.Ordinal)
            && source.Checked >= new DateOnly(2026, 7, 1) && source.Checked <= new DateOnly(2026, 11, 30));

        // What is known of a family by its models' names has sources of its own.
        var named = Catalogue.Offers.Where(offer => ModelFamilies.WordsOf(offer.Model.Id).Length > 0).ToList();
        named.Count.ShouldBeGreaterThan(200);
        named.ShouldAllBe(offer => ModelFamilies.SourcesOf(offer.Model.Id).Count > 0);
    }

    /// <summary>The models that agents ask for in November 2026 (the providers' pages of models).</summary>
    [Theory]
    [InlineData("anthropic", "claude-opus-5-5 claude-opus-5 claude-sonnet-5-5 claude-haiku-5-5 claude-fable-5-1 claude-fable-5-2 claude-opus-4-8")]
    [InlineData("openai", "gpt-6-astra gpt-6-sol gpt-6-luna gpt-6.1-sol gpt-6.1-terra gpt-6.2-astra gpt-6.2-sol gpt-5.6-sol gpt-5.6-terra gpt-5.6-luna")]
    [InlineData("google", "gemini-3.6-flash gemini-3.7-flash gemini-3.8-flash gemini-4-argon gemini-4-neon gemini-4-hydrogen")]
    [InlineData("xai", "grok-4.5 grok-4.6 grok-4.7")]
    [InlineData("moonshot", "kimi-k3 kimi-k3.1-pro kimi-k2.7-code")]
    [InlineData("bedrock", "us.anthropic.claude-opus-5-5 global.anthropic.claude-sonnet-5-5 eu.anthropic.claude-haiku-5-5 openai.gpt-6.2-sol")]
    [InlineData("google_openai_compatible", "gemini-3.8-flash gemini-4-neon")]
    public void The_models_of_the_day_are_there(string provider, string models)
    {
        foreach (var model in models.Split(' ')) Catalogue.FindModel(Catalogue.FindProvider(provider)!, model).ShouldNotBeNull(model);
    }

    /// <summary>What the providers document of how reasoning is asked for.</summary>
    [Fact]
    public void Profiles_tell_how_reasoning_is_asked_for()
    {
        var opus = Profile("anthropic", "claude-opus-4-8");
        (opus.Adaptive, opus.Temperature, opus.TakesBudget).ShouldBe((true, false, false));
        opus.Efforts.ShouldBe(["low", "medium", "high", "xhigh", "max"]);
        Profile("anthropic", "claude-opus-5-5").Efforts.ShouldBe(["low", "medium", "high", "xhigh", "max"]);

        var sonnet = Profile("anthropic", "claude-sonnet-4-5");
        (sonnet.Adaptive, sonnet.Temperature, sonnet.LeastBudget, sonnet.Tools).ShouldBe((false, true, 1024, true));
        sonnet.Input.ShouldBe(["text", "image", "pdf"]);

        var flash = Profile("google", "gemini-2.5-flash");
        (flash.LeastBudget, flash.MostBudget, flash.Toggle).ShouldBe((0, 24_576, true));
        Profile("openai", "gpt-6.2-sol").Efforts.ShouldNotContain("none");
        Profile("openai", "gpt-5.4").Efforts.ShouldContain("none");
        Profile("openai", "gpt-4o").Reasoning.ShouldBe(false);
    }

    [Fact]
    public void Every_model_can_be_called_at_an_endpoint_of_its_kind() =>
        Catalogue.Offers.Where(offer => offer.Provider.Endpoints.All(endpoint => endpoint.Kind != offer.Model.Kind)).Select(offer => $"{offer.Provider.Id} {offer.Model.Id}").ShouldBeEmpty();

    [Fact]
    public void Every_chat_model_has_a_bound_that_a_reservation_can_rest_on() =>
        Catalogue.Offers.Where(offer => offer.Model is { Kind: EndpointKind.Chat, ContextTokens: null, MaxOutputTokens: null }).Select(offer => $"{offer.Provider.Id} {offer.Model.Id}").ShouldBeEmpty();

    [Fact]
    public void An_answer_never_has_more_tokens_than_the_context() =>
        Catalogue.Offers.Where(offer => offer.Model.MaxOutputTokens > offer.Model.ContextTokens).Select(offer => $"{offer.Provider.Id} {offer.Model.Id}").ShouldBeEmpty();

    [Fact]
    public void Reading_a_cache_never_costs_more_than_not_having_one() =>
        Catalogue.Offers.Where(offer => offer.Model.Price.CacheRead > offer.Model.Price.Input
            || offer.Model.Price.When.Any(rule => rule.CacheRead > rule.Input))
            .Select(offer => $"{offer.Provider.Id} {offer.Model.Id}").ShouldBeEmpty();

    [Fact]
    public void A_long_prompt_never_costs_less_a_token_than_a_short_one() =>
        Catalogue.Offers.Where(offer => offer.Model.Price.When.Any(rule => rule.Above is not null && (rule.Input < offer.Model.Price.Input
            || rule.Output < offer.Model.Price.Output)))
            .Select(offer => $"{offer.Provider.Id} {offer.Model.Id}").ShouldBeEmpty();

    [Fact]
    public void Both_ways_to_a_model_of_google_cost_the_same()
    {
        var native = Catalogue.FindProvider("google")!.Models.ToDictionary(model => model.Id, model => model.Price);
        foreach (var model in Catalogue.FindProvider("google_openai_compatible")!.Models)
        {
            (model.Price with { When = [], Tools = null }).ShouldBe(native[model.Id] with { When = [], Tools = null }, model.Id);
            model.Price.When.ShouldBe(native[model.Id].When, model.Id);
        }
    }

    [Fact]
    public void A_call_that_needs_a_version_header_gets_it() => Catalogue.FindProvider("anthropic")!.DefaultHeaders["anthropic-version"].ShouldBe("2023-06-01");

    [Theory]
    [InlineData("gpt-4o-mini", "openai")]
    [InlineData("claude-sonnet-4-6", "anthropic")]
    [InlineData("anthropic/claude-sonnet-4-6", "anthropic")]
    [InlineData("gemini-2.5-flash", "google")]
    [InlineData("x-ai/grok-4", "xai")]
    [InlineData("openai/gpt-4o", "openai")]
    public void A_model_goes_to_its_maker(string model, string provider) => Catalogue.FindProvidersOf(model)[0].Provider.Id.ShouldBe(provider);

    private static DateTimeOffset At => new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private static ModelProfile Profile(string provider, string model) => ModelProfile.Of(Catalogue.FindModel(Catalogue.FindProvider(provider)!, model)!);

    private static ModelPrice Price(string provider, string model) => Catalogue.FindModel(Catalogue.FindProvider(provider)!, model)!.Price;
}
