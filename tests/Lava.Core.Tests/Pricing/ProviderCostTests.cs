using Lava.Core.Catalogue;
using Lava.Core.Pricing;

namespace Lava.Core.Tests.Pricing;

public sealed class ProviderCostTests
{
    private static readonly ModelPrice Sonnet = new() { Input = 3, Output = 15, CacheRead = 0.3m, CacheWrite = 3.75m, CacheWriteLong = 6 };

    [Fact]
    public void Cached_parts_cost_their_own_price_and_are_not_counted_twice() =>
        Cost(Sonnet, new Usage { InputTokens = 1_000_000, CacheReadTokens = 600_000, CacheWriteTokens = 300_000, CacheWriteLongTokens = 100_000,
            OutputTokens = 10_000 })
            .ShouldBe(new CostBreakdown(0.3m + 0.18m + 0.75m + 0.6m, 0.15m, 0));

    [Fact]
    public void Without_a_price_of_its_own_a_cached_part_costs_what_the_input_does() =>
        Cost(new ModelPrice { Input = 2, Output = 2 }, new Usage { InputTokens = 1_000_000, CacheReadTokens = 500_000 }).Input.ShouldBe(2);

    [Fact]
    public void A_prompt_above_the_bound_is_priced_whole_at_the_long_price()
    {
        var price = new ModelPrice { Input = 1.25m, Output = 10, When = [new PriceRule { Above = 200_000, Input = 2.5m, Output = 15 }] };
        Cost(price, new Usage { InputTokens = 200_000, OutputTokens = 1_000 }).Total.ShouldBe(0.26m);
        Cost(price, new Usage { InputTokens = 200_001, OutputTokens = 1_000 }).Total.ShouldBe(0.5150025m);
    }

    [Fact]
    public void Characters_seconds_images_and_requests_have_their_own_units()
    {
        Cost(new ModelPrice { Characters = 15 }, new Usage { InputCharacters = 1_000 }).Total.ShouldBe(0.015m);
        Cost(new ModelPrice { Minute = 0.006m }, new Usage { InputSeconds = 90 }).Total.ShouldBe(0.009m);
        Cost(new ModelPrice { Image = 0.04m }, new Usage { Images = 3 }).Total.ShouldBe(0.12m);
        Cost(new ModelPrice { Request = 0.02m }, default).Total.ShouldBe(0.02m);
    }

    [Fact]
    public void Parts_above_their_whole_are_clamped_and_nothing_is_negative() =>
        Cost(Sonnet, new Usage { InputTokens = 10, CacheReadTokens = 50, CacheWriteTokens = -3, OutputTokens = -5 }).Total.ShouldBe(10 * 0.3m / 1_000_000);

    private static CostBreakdown Cost(ModelPrice price, Usage usage) => ProviderCost.Of(price, usage, DateTimeOffset.UnixEpoch).Cost;
}
