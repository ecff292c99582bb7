using Lava.Core.Catalogue;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

public sealed class UsageEstimateTests
{
    private static readonly CatalogueModel Model = new() { Id = "m", ContextTokens = 128_000, MaxOutputTokens = 4_000, Price = new ModelPrice { Input = 1, Output = 2 } };

    [Theory]
    [InlineData(null, 1, 4_000)]
    [InlineData(100L, 1, 100)]
    [InlineData(100L, 3, 300)]
    [InlineData(90_000L, 2, 8_000)]
    [InlineData(long.MaxValue, 1_000_000, 4_000_000_000)]
    public void An_answer_is_bounded_by_the_request_and_the_model(long? most, long choices, long expected) =>
        UsageEstimate.Most(new RequestFacts { MaxOutputTokens = most, Choices = choices }, Model, EndpointKind.Chat).OutputTokens.ShouldBe(expected);

    [Fact]
    public void An_answer_without_any_bound_has_the_default_one() =>
        UsageEstimate.Most(new RequestFacts(), Model with { MaxOutputTokens = null }, EndpointKind.Chat).OutputTokens.ShouldBe(UsageEstimate.DefaultOutputTokens);

    [Fact]
    public void A_prompt_has_no_more_tokens_than_bytes_and_wrapping() =>
        UsageEstimate.Most(new RequestFacts { PromptBytes = 5_000 }, Model, EndpointKind.Chat).InputTokens.ShouldBe(6_000);

    [Fact]
    public void A_prompt_fits_its_model() =>
        UsageEstimate.Most(new RequestFacts { PromptBytes = 50_000_000, MediaParts = 9 }, Model, EndpointKind.Chat).InputTokens.ShouldBe(128_000);

    [Fact]
    public void Media_cost_by_the_part_and_documents_by_their_length() =>
        UsageEstimate.Most(new RequestFacts { MediaParts = 2, MediaBytes = 40_000 }, Model, EndpointKind.Chat).InputTokens.ShouldBe(1_000 + (2 * UsageEstimate.TokensPerMediaPart) + 10_000);

    [Fact]
    public void What_the_body_does_not_hold_may_fill_the_context()
    {
        var facts = new RequestFacts { PromptBytes = 10, HasUnseenInput = true };
        UsageEstimate.Most(facts, Model, EndpointKind.Chat).InputTokens.ShouldBe(128_000);
        UsageEstimate.Most(facts, Model with { ContextTokens = null }, EndpointKind.Chat).InputTokens.ShouldBe(UsageEstimate.UnseenTokens);
    }

    [Fact]
    public void Recordings_are_bounded_by_their_length_or_their_size()
    {
        UsageEstimate.Most(new RequestFacts { AudioSeconds = 60, MediaBytes = 9_000_000 }, Model, EndpointKind.Transcription).InputSeconds.ShouldBe(60);
        UsageEstimate.Most(new RequestFacts { MediaBytes = 9_000_000 }, Model, EndpointKind.Transcription).InputSeconds.ShouldBe(9_000);
    }

    [Fact]
    public void Speech_images_and_counts_are_bounded_by_what_is_asked()
    {
        UsageEstimate.Most(new RequestFacts { Characters = 77 }, Model, EndpointKind.Speech).InputCharacters.ShouldBe(77);
        UsageEstimate.Most(new RequestFacts { Choices = 4 }, Model, EndpointKind.Images).Images.ShouldBe(4);
        UsageEstimate.Most(new RequestFacts { PromptBytes = 9_000 }, Model, EndpointKind.CountTokens).ShouldBe(default);
    }
}
