using Lava.Core.Catalogue;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

public sealed class UsageEstimateTests
{
    /// <summary>Each prompt is answered, and each answer that best_of makes is billed (platform.openai.com/docs/api-reference/completions).</summary>
    [Theory]
    [InlineData("""{"prompt":"a","max_tokens":10}""", 10)]
    [InlineData("""{"prompt":["a","b","c"],"max_tokens":10}""", 30)]
    [InlineData("""{"prompt":["a","b"],"n":2,"best_of":5,"max_tokens":10}""", 100)]
    [InlineData("""{"prompt":[1,2,3],"max_tokens":10}""", 10)]
    [InlineData("""{"prompt":[[1,2],[3]],"max_tokens":10}""", 20)]
    [InlineData("""{"prompt":[],"max_tokens":10}""", 10)]
    public void A_continued_text_is_bounded_by_its_prompts_and_answers(string body, long output)
    {
        var endpoint = At(EndpointKind.Completion) with { Format = WireFormat.OpenAiChat };
        UsageEstimate.Most(RequestReader.Read(System.Text.Encoding.UTF8.GetBytes(body), null, endpoint)!, Model, endpoint).OutputTokens.ShouldBe(output);
    }

    /// <summary>A query of 4 bytes with 250 documents of a byte: three searches at the least, and the query's tokens with each document.</summary>
    [Fact]
    public void A_rerank_is_bounded_by_its_documents_and_its_query()
    {
        var endpoint = At(EndpointKind.Rerank) with { Format = WireFormat.Rerank };
        var body = $$"""{"model":"m","query":"abcd","documents":[{{string.Join(',', Enumerable.Repeat("\"d\"", 250))}}]}""";
        var facts = RequestReader.Read(System.Text.Encoding.UTF8.GetBytes(body), null, endpoint)!;
        (facts.Documents, facts.QueryBytes).ShouldBe((250, 4));
        var most = UsageEstimate.Most(facts, Model with { ContextTokens = 100 }, endpoint);
        most.SearchUnits.ShouldBe(3);
        most.InputTokens.ShouldBe(body.Length + 1_000 + (4 * 250));
        UsageEstimate.Likely(most, facts, endpoint, default).SearchUnits.ShouldBe(3);
    }

    [Fact]
    public void A_transcription_that_is_asked_for_in_JSON_refers_to_a_recording_of_any_length()
    {
        var endpoint = At(EndpointKind.Transcription) with { Format = WireFormat.OpenAiMedia };
        UsageEstimate.Most(RequestReader.Read("""{"model":"m","url":"https://a.example"}"""u8, null, endpoint)!, Model, endpoint).InputSeconds.ShouldBe(36_000);
    }

    private static readonly CatalogueModel Model = new() { Id = "m", ContextTokens = 128_000, MaxOutputTokens = 4_000, Price = new ModelPrice { Input = 1, Output = 2 } };

    [Theory]
    [InlineData(null, 1, 4_000)]
    [InlineData(100L, 1, 100)]
    [InlineData(100L, 3, 300)]
    [InlineData(90_000L, 2, 8_000)]
    [InlineData(long.MaxValue, 1_000_000, 4_000_000_000)]
    public void An_answer_is_bounded_by_the_request_and_the_model(long? most, long choices, long expected) =>
        UsageEstimate.Most(new RequestFacts { MaxOutputTokens = most, Choices = choices }, Model, At(EndpointKind.Chat)).OutputTokens.ShouldBe(expected);

    [Fact]
    public void An_answer_without_a_bound_of_its_model_ends_with_the_context()
    {
        UsageEstimate.Most(new RequestFacts(), Model with { MaxOutputTokens = null }, At(EndpointKind.Chat)).OutputTokens.ShouldBe(128_000);
        UsageEstimate.Most(new RequestFacts(), Model with { MaxOutputTokens = null, ContextTokens = null }, At(EndpointKind.Chat)).OutputTokens.ShouldBe(UsageEstimate.DefaultOutputTokens);
    }

    // OpenAI reads both names, most that imitate it only the older one, v0 only the newer one.
    [Theory]
    [InlineData(null, 100L, 200L, 100)]
    [InlineData(null, null, 200L, 4_000)]
    [InlineData("max_completion_tokens,max_tokens", 100L, 200L, 200)]
    [InlineData("max_completion_tokens,max_tokens", null, 200L, 200)]
    [InlineData("max_completion_tokens,max_tokens", 300L, null, 300)]
    [InlineData("max_completion_tokens", 300L, null, 4_000)]
    [InlineData("max_completion_tokens", 1L, 200L, 200)]
    public void Only_the_names_that_a_host_reads_bound_an_answer(string? reads, long? tokens, long? completion, long expected) =>
        UsageEstimate.Most(new RequestFacts { MaxOutputTokens = tokens, MaxCompletionTokens = completion }, Model, At(EndpointKind.Chat) with { OutputLimits = reads?.Split(',') }).OutputTokens.ShouldBe(expected);

    [Fact]
    public void Texts_to_embed_have_a_context_each() =>
        UsageEstimate.Most(new RequestFacts { PromptBytes = 5_000_000 }, Model, At(EndpointKind.Embeddings)).InputTokens.ShouldBe(5_001_000);

    [Fact]
    public void A_recording_behind_an_address_may_be_the_longest()
        => UsageEstimate.Most(new RequestFacts { HasUnseenInput = true }, Model, At(EndpointKind.Transcription)).InputSeconds.ShouldBe(36_000);

    [Fact]
    public void A_prompt_has_no_more_tokens_than_bytes_and_wrapping() =>
        UsageEstimate.Most(new RequestFacts { PromptBytes = 5_000 }, Model, At(EndpointKind.Chat)).InputTokens.ShouldBe(6_000);

    [Fact]
    public void A_prompt_fits_its_model() =>
        UsageEstimate.Most(new RequestFacts { PromptBytes = 50_000_000, MediaParts = 9 }, Model, At(EndpointKind.Chat)).InputTokens.ShouldBe(128_000);

    [Fact]
    public void Media_cost_by_the_part_and_documents_by_their_length() =>
        UsageEstimate.Most(new RequestFacts { MediaParts = 2, MediaBytes = 40_000 }, Model, At(EndpointKind.Chat)).InputTokens.ShouldBe(1_000 + (2 * UsageEstimate.TokensPerMediaPart) + 10_000);

    [Fact]
    public void What_the_body_does_not_hold_may_fill_the_context()
    {
        var facts = new RequestFacts { PromptBytes = 10, HasUnseenInput = true };
        UsageEstimate.Most(facts, Model, At(EndpointKind.Chat)).InputTokens.ShouldBe(128_000);
        UsageEstimate.Most(facts, Model with { ContextTokens = null }, At(EndpointKind.Chat)).InputTokens.ShouldBe(UsageEstimate.UnseenTokens);
    }

    [Fact]
    public void Recordings_are_bounded_by_their_length_or_their_size()
    {
        UsageEstimate.Most(new RequestFacts { AudioSeconds = 60, MediaBytes = 9_000_000 }, Model, At(EndpointKind.Transcription)).InputSeconds.ShouldBe(60);
        UsageEstimate.Most(new RequestFacts { MediaBytes = 9_000_000 }, Model, At(EndpointKind.Transcription)).InputSeconds.ShouldBe(9_000);
    }

    [Fact]
    public void Speech_images_and_counts_are_bounded_by_what_is_asked()
    {
        UsageEstimate.Most(new RequestFacts { Characters = 77 }, Model, At(EndpointKind.Speech)).InputCharacters.ShouldBe(77);
        UsageEstimate.Most(new RequestFacts { Choices = 4 }, Model, At(EndpointKind.Images)).Images.ShouldBe(4);
        UsageEstimate.Most(new RequestFacts { PromptBytes = 9_000 }, Model, At(EndpointKind.CountTokens)).ShouldBe(default);
    }

    private static ProviderEndpoint At(EndpointKind kind) => AnswerFixture.Endpoint(WireFormat.OpenAiChat, kind);
}
