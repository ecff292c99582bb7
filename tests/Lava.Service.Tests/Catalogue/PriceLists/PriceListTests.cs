using System.Text;
using Lava.Core.Catalogue;
using Lava.Local.Commands;
using Lava.Service.Catalogue;
using Lava.Service.Catalogue.PriceLists;

namespace Lava.Service.Tests.Catalogue.PriceLists;

/// <summary>Public price lists, in the forms that LiteLLM's repository and models.dev publish.</summary>
public sealed class PriceListTests : IDisposable
{
    /// <summary>github.com/BerriAI/litellm, model_prices_and_context_window.json.</summary>
    private const string LiteLlm = """
        {
          "sample_spec": {"litellm_provider": "one of https://docs.litellm.ai/docs/providers", "input_cost_per_token": 0.0, "mode": "one of: chat, embedding"},
          "claude-sonnet-4-5": {
            "litellm_provider": "anthropic", "mode": "chat", "input_cost_per_token": 3e-06, "output_cost_per_token": 1.5e-05,
                "cache_read_input_token_cost": 3e-07,
            "cache_creation_input_token_cost": 3.75e-06, "cache_creation_input_token_cost_above_1hr": 6e-06, "input_cost_per_token_above_200k_tokens": 6e-06,
            "output_cost_per_token_above_200k_tokens": 2.25e-05, "cache_read_input_token_cost_above_200k_tokens": 6e-07, "max_input_tokens": 1000000,
                "max_output_tokens": 64000
          },
          "gpt-4o": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2e-06, "output_cost_per_token": 7.9999999e-06,
              "cache_read_input_token_cost": 1.25e-06},
          "gpt-99": {
            "litellm_provider": "openai", "mode": "responses", "input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06,
                "max_input_tokens": 200000, "max_output_tokens": 50000,
            "input_cost_per_token_above_128k_tokens": 2e-06, "output_cost_per_token_above_128k_tokens": 6e-06, "supports_function_calling": true,
                "supports_vision": true
          },
          "groq/llama-3.3-70b-versatile": {"litellm_provider": "groq", "mode": "chat", "input_cost_per_token": 5.9e-07,
              "output_cost_per_token": 7.9e-07, "cache_read_input_token_cost": 0.0},
          "gemini/gemini-3.8-flash": {"litellm_provider": "gemini", "mode": "chat", "input_cost_per_token": 7.5e-07, "output_cost_per_token": 3.75e-06},
          "deepseek/deepseek-flash": {"litellm_provider": "deepseek", "mode": "chat", "input_cost_per_token": 3e-07, "output_cost_per_token": 1.2e-06},
          "bedrock/us-gov-west-1/amazon.nova-pro-v1:0": {"litellm_provider": "bedrock", "mode": "chat", "input_cost_per_token": 9e-07,
              "output_cost_per_token": 9e-07},
          "dall-e-9": {"litellm_provider": "openai", "mode": "image_generation", "output_cost_per_image": 0.04},
          "somewhere/model": {"litellm_provider": "somewhere", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}
        }
        """;

    /// <summary>models.dev/api.json.</summary>
    private const string ModelsDev = """
        {
          "anthropic": {"id": "anthropic", "models": {
            "claude-opus-5-5": {"id": "claude-opus-5-5", "tool_call": true, "reasoning": true,
                "cost": {"input": 4, "output": 20, "cache_read": 0.2, "cache_write": 5}, "limit": {"context": 1000000, "output": 128000},
              "modalities": {"input": ["text", "image"], "output": ["text"]}}}},
          "google": {"id": "google", "models": {
            "gemini-2.5-pro": {"id": "gemini-2.5-pro", "cost": {"input": 1.25, "output": 10, "cache_read": 0.125, "context_over_200k": {"input": 2.5,
                "output": 16}}, "modalities": {"input": ["text"], "output": ["text"]}},
            "veo-9": {"id": "veo-9", "cost": {"input": 1, "output": 2}, "modalities": {"input": ["text"], "output": ["video"]}}}},
          "vercel": {"id": "vercel", "models": {"openai/gpt-4o": {"cost": {"input": 9, "output": 9}, "modalities": {"input": ["text"], "output": ["text"]}}}},
          "togetherai": {"id": "togetherai", "models": {
            "house/new-model": {"tool_call": true, "cost": {"input": 0.5, "output": 1, "tiers": [{"input": 1, "output": 2,
                "tier": {"size": 128000}}]}, "limit": {"context": 32768, "output": 65536},
              "modalities": {"input": ["text", "image"], "output": ["text"]}}}}
        }
        """;

    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private readonly string _list = Path.GetTempFileName();
    private readonly string _overrides = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_list);
        File.Delete(_overrides);
    }

    [Fact]
    public void What_differs_from_the_list_of_litellm_is_found() =>
        Compare(LiteLlm).ShouldBe(
        [
            "openai gpt-4o input 2.5 2",
            "openai gpt-4o output 10 7.9999999",
            "openai gpt-99 missing",
        ]);

    [Fact]
    public void What_differs_from_the_list_of_models_dev_is_found() =>
        Compare(ModelsDev).ShouldBe(["google gemini-2.5-pro output above 200000 15 16", "together house/new-model missing"]);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"a\": 1}")]
    [InlineData("{\"a\": {\"b\": {}}}")]
    [InlineData("{\"a\": {\"litellm_provider\": \"openai\"")]
    public void What_is_no_price_list_is_said_to_be_none(string text) =>
        Should.Throw<FormatException>(() => PriceListReader.Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("""{"m": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": "free", "output_cost_per_token": 1}}""")]
    [InlineData("""{"m": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": -1, "output_cost_per_token": 1}}""")]
    [InlineData("""{"m": {"litellm_provider": "openai", "mode": "chat"}}""")]
    [InlineData("""{"openai": {"models": {"m": {"cost": {"input": 1}, "modalities": {"output": ["text"]}}}}}""")]
    [InlineData("""{"openai": {"models": {"m": 5, "n": {"cost": []}, "o": {"cost": {"input": 1, "output": 1}, "modalities": {"output": {}}}}}}""")]
    public void Entries_without_a_price_that_can_be_read_are_passed_over(string text) => PriceListReader.Read(Encoding.UTF8.GetBytes(text)).ShouldBeEmpty();

    [Theory]
    [InlineData(LiteLlm)]
    [InlineData(ModelsDev)]
    public async Task Overrides_from_a_list_load_and_leave_no_difference(string list)
    {
        await File.WriteAllTextAsync(_list, list);
        (await Run("check", null)).Code.ShouldBe(1);
        var (code, text, _) = await Run("import", null);
        code.ShouldBe(0);
        await File.WriteAllTextAsync(_overrides, text);
        var again = await Run("check", _overrides);
        again.Code.ShouldBe(0, again.Text);
        again.Text.ShouldStartWith("Nothing differs");
    }

    [Fact]
    public async Task What_a_list_does_not_say_is_taken_over()
    {
        await File.WriteAllTextAsync(_list, LiteLlm);
        await File.WriteAllTextAsync(_overrides, (await Run("import", null)).Text);
        var (shipped, catalogue) = (CatalogueLoader.Load(null), CatalogueLoader.Load(_overrides));
        var (before, after) = (Model(shipped, "openai", "gpt-4o"), Model(catalogue, "openai", "gpt-4o"));
        (after.Price.Input, after.Price.Output, after.Price.CacheRead, after.Checked).ShouldBe((2, 7.9999999m, 1.25m, new DateOnly(2026, 11, 28)));
        after.Aliases.ShouldBe(before.Aliases);
        after.ContextTokens.ShouldBe(before.ContextTokens);
        after.Price.When.ShouldBe(before.Price.When);
        after.Price.Tools.ShouldBe(before.Price.Tools);
        Model(catalogue, "openai", "gpt-4o-mini").Price.Input.ShouldBe(0.15m);

        var added = Model(catalogue, "openai", "gpt-99");
        (added.Price.Input, added.ContextTokens, added.MaxOutputTokens).ShouldBe((1, 200_000, 50_000));
        added.Capabilities.ShouldBe(["tools", "vision"]);
        added.Price.When.ShouldHaveSingleItem().ShouldBe(new PriceRule { Above = 128_000, Input = 2, Output = 6 });
    }

    /// <summary>A new model under two names, a new date of a known one, a plain name for a known date, and two dates that cost different sums.</summary>
    [Fact]
    public async Task Names_of_one_model_become_its_aliases()
    {
        static string Chat(string name, string input, string output, string provider = "openai") =>
            $$"""
            "{{name}}": {"litellm_provider": "{{provider}}", "mode": "chat", "input_cost_per_token": {{input}}, "output_cost_per_token": {{output}}, "max_input_tokens": 9000}
            """;
        var list = string.Join(
            ',',
            Chat("gpt-99-2026-12-24", "1e-06", "4e-06"), Chat("gpt-99", "1e-06", "4e-06"), Chat("gpt-99-latest", "1e-06", "4e-06"),
            Chat("gpt-99-2027-02-30", "2e-06", "4e-06"), Chat("gpt-98-2026-01-01", "1e-06", "4e-06"), Chat("gpt-98-2026-02-02", "1e-06", "4e-06"),
            Chat("gpt-4o", "2.5e-06", "1e-05"), Chat("gpt-4o-2026-12-24", "2.5e-06", "1e-05"),
            Chat("claude-3-haiku", "2.5e-07", "1.25e-06", "anthropic"), Chat("claude-3-haiku-20240307", "2.5e-07", "1.25e-06", "anthropic"));
        await File.WriteAllTextAsync(_list, "{" + list + "}");
        await File.WriteAllTextAsync(_overrides, (await Run("import", null)).Text);
        var (shipped, catalogue) = (CatalogueLoader.Load(null), CatalogueLoader.Load(_overrides));

        Model(catalogue, "openai", "gpt-99-2026-12-24").Id.ShouldBe("gpt-99");
        Model(catalogue, "openai", "gpt-99").Aliases.ShouldBe(["gpt-99-2026-12-24", "gpt-99-latest"]);
        (Model(catalogue, "openai", "gpt-99-2027-02-30").Id, Model(catalogue, "openai", "gpt-99-2027-02-30").Price.Input).ShouldBe(("gpt-99-2027-02-30", 2));
        Model(catalogue, "openai", "gpt-98-2026-01-01").Id.ShouldBe("gpt-98-2026-01-01");
        Model(catalogue, "openai", "gpt-98-2026-02-02").Id.ShouldBe("gpt-98-2026-02-02");

        var dated = Model(catalogue, "openai", "gpt-4o-2026-12-24");
        (dated.Id, dated.Price.Input, dated.Price.CacheRead).ShouldBe(("gpt-4o", 2.5m, 1.25m));
        dated.Aliases.ShouldBe([.. Model(shipped, "openai", "gpt-4o").Aliases, "gpt-4o-2026-12-24"]);
        (dated.Profile, dated.ContextTokens).ShouldBe((Model(shipped, "openai", "gpt-4o").Profile, 128_000));
        Model(catalogue, "anthropic", "claude-3-haiku").Id.ShouldBe("claude-3-haiku-20240307");
        (await Run("check", _overrides)).Code.ShouldBe(0);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_ends_with_2()
    {
        await File.WriteAllTextAsync(_list, "not a list");
        var (code, text, errors) = await Run("check", null);
        (code, text).ShouldBe((2, ""));
        errors.ShouldContain(_list);
        File.Delete(_list);
        (await Run("import", null)).Code.ShouldBe(2);
        await File.WriteAllTextAsync(_list, LiteLlm);
        await File.WriteAllTextAsync(_overrides, "{");
        (await Run("check", _overrides)).Code.ShouldBe(2);
    }

    private static CatalogueModel Model(ProviderCatalogue catalogue, string provider, string model) =>
        catalogue.FindModel(catalogue.FindProvider(provider)!, model).ShouldNotBeNull();

    private static string[] Compare(string list)
    {
        var differences = PriceListComparison.Compare(CatalogueLoader.Load(null), PriceListReader.Read(Encoding.UTF8.GetBytes(list)), Now);
        return [.. differences.Select(found => FormattableString.Invariant(found.Part is null
            ? (FormattableString)$"{found.Entry.Provider} {found.Entry.Model} missing"
            : $"{found.Entry.Provider} {found.Entry.Model} {found.Part} {found.Ours:0.#########} {found.Theirs:0.#########}"))];
    }

    private async Task<(int Code, string Text, string Errors)> Run(string word, string? overrides)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await CatalogueCommand.RunAsync([word, _list], overrides, Now, output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
