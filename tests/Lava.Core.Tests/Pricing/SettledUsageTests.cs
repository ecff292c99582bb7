using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Pricing;
using Lava.Core.Tests.Formats;

namespace Lava.Core.Tests.Pricing;

public sealed class SettledUsageTests
{
    // A million tokens in cost 1, out 2.
    private static readonly CatalogueModel Model = new() { Id = "m", ContextTokens = 128_000, MaxOutputTokens = 4_000, Price = new ModelPrice { Input = 1, Output = 2 } };

    private static readonly CatalogueModel Voice = new() { Id = "v", Kind = EndpointKind.Speech, Price = new ModelPrice { Characters = 100 } };

    private static readonly CatalogueModel TokenVoice = new() { Id = "v", Kind = EndpointKind.Speech, Price = new ModelPrice { Input = 1, Output = 12, AudioOutput = 12 } };

    private static readonly CatalogueModel Whisper = new() { Id = "w", Kind = EndpointKind.Transcription, Price = new ModelPrice { Minute = 0.006m } };

    private static readonly RequestFacts Prompt = new() { PromptBytes = 4_000, MaxOutputTokens = 1_000 };

    [Fact]
    public void What_is_reported_is_charged()
    {
        var settled = Chat(Reported(1_000, 500));
        (settled.Usage.InputTokens, settled.Usage.OutputTokens, settled.Flag, settled.Reported).ShouldBe((1_000, 500, UsageFlag.None, null));
        settled.Cost.Total.ShouldBe(0.002m);
    }

    [Fact]
    public void A_reported_zero_stays_a_zero()
    {
        var settled = Chat(Reported(0, 0) with { Seen = new AnswerSeen(9_000, 0, 0) });
        (settled.Cost.Total, settled.Flag).ShouldBe((0, UsageFlag.None));
    }

    [Fact]
    public void Success_without_usage_is_estimated_by_the_prompt_and_what_was_seen()
    {
        // 4,000 bytes of prompt are 1,000 tokens; 100 events of 300 bytes, 200 of which are wrapping, are 100 x 100 / 4 = 2,500 tokens, more than the request allows.
        var settled = Chat(new AnswerSummary { IsWhole = true, Seen = new AnswerSeen(30_000, 100, 200) });
        (settled.Usage.InputTokens, settled.Usage.OutputTokens, settled.Flag).ShouldBe((1_000, 1_000, UsageFlag.Unreported));
        settled.Cost.Total.ShouldBe((1_000 + (2 * 1_000)) / 1_000_000m);

        Chat(new AnswerSummary { IsWhole = true, Seen = new AnswerSeen(800, 0, 0) }).Usage.OutputTokens.ShouldBe(200);
        Chat(new AnswerSummary { IsWhole = true, Seen = new AnswerSeen(2_000, 10, 200) }).Usage.OutputTokens.ShouldBe(10);
    }

    [Fact]
    public void What_the_body_does_not_hold_is_taken_at_its_most() =>
        Settle(Prompt with { HasUnseenInput = true }, Model, EndpointKind.Chat, new AnswerSummary { IsWhole = true }).Usage.InputTokens.ShouldBe(128_000);

    [Fact]
    public void Counts_that_are_none_are_estimated_and_flagged()
    {
        var settled = Chat(Reported(3, 0) with { IsUnreadable = true, Seen = new AnswerSeen(400, 0, 0) });
        (settled.Usage.InputTokens, settled.Usage.OutputTokens, settled.Flag).ShouldBe((1_000, 100, UsageFlag.Unreadable));
    }

    [Fact]
    public void Parts_that_contradict_each_other_are_flagged() => Chat(Reported(10, 10) with { IsInconsistent = true }).Flag.ShouldBe(UsageFlag.Contradictory);

    [Fact]
    public void More_than_can_be_is_charged_as_far_as_it_can_be_and_the_rest_is_held()
    {
        // The prompt has at most 4,000 bytes and 1,000 tokens of wrapping, the answer 1,000 tokens.
        var settled = Chat(Reported(1_000_000_000_000, 9_000));
        (settled.Usage.InputTokens, settled.Usage.OutputTokens, settled.Flag).ShouldBe((5_000, 1_000, UsageFlag.Impossible));
        settled.Cost.Total.ShouldBe(0.007m);
        settled.Reported!.Value.InputTokens.ShouldBe(1_000_000_000_000);
        settled.HeldCost.ShouldBe(1_000_000m + (2 * 9_000m / 1_000_000) - 0.007m);
    }

    [Fact]
    public void A_count_that_is_just_beyond_is_taken_at_the_bound()
    {
        var settled = Chat(Reported(100, 1_003));
        (settled.Usage.OutputTokens, settled.Flag, settled.HeldCost).ShouldBe((1_000, UsageFlag.None, 0));
    }

    [Fact]
    public void Media_may_count_as_much_as_the_model_takes()
    {
        var facts = Prompt with { MediaParts = 1, MediaBytes = 4_000 };
        Settle(facts, Model, EndpointKind.Chat, Reported(100_000, 10)).Flag.ShouldBe(UsageFlag.None);
        Settle(facts, Model, EndpointKind.Chat, Reported(200_000, 10)).Usage.InputTokens.ShouldBe(128_000);
    }

    [Fact]
    public void The_sandbox_counts_what_it_was_asked_to() =>
        SettledUsage.Of(Prompt, Model, At(EndpointKind.Chat), Reported(9_000_000, 1), Now, isTrusted: true).Usage.InputTokens.ShouldBe(9_000_000);

    [Fact]
    public void Who_leaves_pays_the_prompt_and_what_was_seen()
    {
        var before = SettledUsage.Of(Prompt, Model, At(EndpointKind.Chat), default, Now, isTrusted: false, hasLeft: true);
        (before.Usage.InputTokens, before.Usage.OutputTokens, before.Flag).ShouldBe((1_000, 0, UsageFlag.LeftEarly));

        // What the provider reported of the prompt counts, not an estimate of it; of the answer what came since.
        var amid = SettledUsage.Of(Prompt, Model, At(EndpointKind.Chat), Reported(700, 1) with { Seen = new AnswerSeen(2_000, 10, 200) }, Now,
            isTrusted: false, hasLeft: true);
        (amid.Usage.InputTokens, amid.Usage.OutputTokens, amid.Flag).ShouldBe((700, 10, UsageFlag.LeftEarly));
    }

    [Fact]
    public void Characters_are_the_requests_to_tell()
    {
        var settled = Settle(new RequestFacts { Characters = 2_000 }, Voice, EndpointKind.Speech, new AnswerSummary { IsWhole = true });
        (settled.Usage.InputCharacters, settled.Cost.Total, settled.Flag).ShouldBe((2_000, 0.2m, UsageFlag.None));
    }

    [Fact]
    public void Speech_that_is_priced_by_tokens_is_estimated_where_no_events_tell_them()
    {
        // 1,000 characters are 1,000 bytes, 250 tokens in, and 1,500 audio tokens out.
        var settled = Settle(new RequestFacts { Characters = 1_000, PromptBytes = 1_000 }, TokenVoice, EndpointKind.Speech, new AnswerSummary { IsWhole = true });
        (settled.Usage.InputTokens, settled.Usage.AudioOutputTokens, settled.Flag).ShouldBe((250, 1_500, UsageFlag.Estimated));
        settled.Cost.Total.ShouldBe((250 + (12 * 1_500)) / 1_000_000m);
    }

    [Theory]
    [InlineData(90, 0, 90, UsageFlag.None)]
    [InlineData(90, 91, 90, UsageFlag.None)]
    [InlineData(90, 30, 30, UsageFlag.None)]
    [InlineData(90, 900, 90, UsageFlag.Impossible)]
    [InlineData(null, 30, 30, UsageFlag.None)]
    [InlineData(null, 0, 4_000, UsageFlag.Estimated)]
    public void A_recording_is_as_long_as_its_provider_or_its_bytes_say(int? told, int reported, int charged, UsageFlag flag)
    {
        var facts = new RequestFacts { AudioSeconds = told, MediaBytes = 4_000_000 };
        var settled = Settle(facts, Whisper, EndpointKind.Transcription, new AnswerSummary { IsWhole = true, HasUsage = reported > 0, Usage = new Usage { InputSeconds = reported } });
        (settled.Usage.InputSeconds, settled.Flag).ShouldBe((charged, flag));
        settled.Cost.Total.ShouldBe(charged * 0.006m / 60);
    }

    [Fact]
    public void Tokens_of_a_recording_without_usage_are_estimated_by_its_length()
    {
        var model = Whisper with { Price = new ModelPrice { Input = 2.5m, Output = 10, AudioInput = 6 } };
        var settled = Settle(new RequestFacts { AudioSeconds = 540, MediaBytes = 17_000_000 }, model, EndpointKind.Transcription, new AnswerSummary { IsWhole = true, Seen = new AnswerSeen(8_000, 0, 0) });
        (settled.Usage.AudioInputTokens, settled.Usage.OutputTokens, settled.Flag).ShouldBe((5_400, 2_000, UsageFlag.Estimated));
        settled.Cost.Total.ShouldBe(((6 * 5_400) + (10 * 2_000)) / 1_000_000m);
    }

    [Fact]
    public void Pictures_by_tokens_without_usage_are_taken_at_their_most()
    {
        var model = new CatalogueModel { Id = "i", Kind = EndpointKind.Images, Price = new ModelPrice { Input = 5, Output = 40 } };
        var settled = Settle(new RequestFacts { Choices = 2 }, model, EndpointKind.Images, new AnswerSummary { IsWhole = true, HasUsage = true, Usage = new Usage { Images = 2 } });
        (settled.Usage.OutputTokens, settled.Flag).ShouldBe((14_000, UsageFlag.Unreported));
    }

    [Fact]
    public void A_flat_price_needs_no_usage()
    {
        var endpoint = At(EndpointKind.Api) with { RequestPrice = 0.5m };
        SettledUsage.Of(Prompt, null, endpoint, default, Now, isTrusted: false).Cost.ShouldBe(new CostBreakdown(0, 0, 0.5m));
    }

    /// <summary>Whatever a provider reports of whatever kinds, no more is charged than was reserved.</summary>
    [Fact]
    public void No_report_costs_more_than_the_most()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var price = new ModelPrice
            {
                Input = Price(), Output = Price(), CacheRead = Maybe(), CacheWrite = Maybe(), CacheWriteLong = Maybe(), AudioInput = Maybe(), ImageInput = Maybe(), AudioOutput = Maybe(), ImageOutput = Maybe(),
                When = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Rule())],
            };
            var model = Model with { Price = price };
            var facts = new RequestFacts { PromptBytes = random.Next(6_000), MaxOutputTokens = random.Next(1, 3_000), Choices = random.Next(1, 3) };
            var summary = new AnswerSummary
            {
                IsWhole = true,
                HasUsage = true,
                Usage = new Usage
                {
                    InputTokens = Count(), OutputTokens = Count(), CacheReadTokens = Count(), CacheWriteTokens = Count(), CacheWriteLongTokens = Count(), AudioInputTokens = Count(), ImageInputTokens = Count(),
                    AudioOutputTokens = Count(), ImageOutputTokens = Count(),
                },
            };
            var most = ProviderCost.Most(price, UsageEstimate.Most(facts, model, At(EndpointKind.Chat)));
            Settle(facts, model, EndpointKind.Chat, summary).Cost.Total.ShouldBeLessThanOrEqualTo(most);
        }

        PriceRule Rule() => new()
        {
            Above = random.Next(3) == 0 ? null : random.Next(1, 6_000),
            Days = random.Next(3) == 0 ? ["thu"] : null,
            Tier = random.Next(6) == 0 ? "flex" : null,
            Factor = random.Next(3) == 0 ? random.Next(0, 12) / 4m : null,
            Input = Maybe(),
            Output = Maybe(),
            CacheRead = Maybe(),
            CacheWrite = Maybe(),
            AudioInput = Maybe(),
        };
        decimal Price() => random.Next(0, 100) / 4m;
        decimal? Maybe() => random.Next(2) == 0 ? null : Price();
        long Count() => random.Next(4) switch { 0 => 0, 1 => random.Next(10_000), 2 => random.NextInt64(0, 1_000_000_000_000), _ => random.Next(100) };
    }

    private static AnswerSummary Reported(long input, long output) => new() { IsWhole = true, HasUsage = true, Usage = new Usage { InputTokens = input, OutputTokens = output } };

    private static SettledUsage Chat(in AnswerSummary summary) => Settle(Prompt, Model, EndpointKind.Chat, summary);

    private static SettledUsage Settle(RequestFacts facts, CatalogueModel model, EndpointKind kind, in AnswerSummary summary) =>
        SettledUsage.Of(facts, model, At(kind), summary, Now, isTrusted: false);

    private static DateTimeOffset Now => DateTimeOffset.UnixEpoch;

    private static ProviderEndpoint At(EndpointKind kind) => AnswerFixture.Endpoint(WireFormat.OpenAiMedia, kind);
}
