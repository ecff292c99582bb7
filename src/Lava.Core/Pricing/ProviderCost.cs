using Lava.Core.Catalogue;
using Lava.Core.Metering;

namespace Lava.Core.Pricing;

/// <summary>Prices a call at its provider's list price (behaviour.md §2.6).</summary>
public static class ProviderCost
{
    private const decimal Million = 1_000_000m;

    /// <summary>The list price of a call's usage. Parts that contradict their whole are clamped to it, so that no part is ever counted twice or negatively.</summary>
    public static CostBreakdown Of(ModelPrice price, in Usage usage)
    {
        var inputRate = price.Input ?? 0;
        var outputRate = price.Output ?? 0;
        var cacheReadRate = price.CacheRead ?? inputRate;
        var cacheWriteRate = price.CacheWrite ?? inputRate;
        var cacheWriteLongRate = price.CacheWriteLong ?? cacheWriteRate;
        if (price.LongContext is { } lengthy && usage.InputTokens > lengthy.Above)
        {
            // A long-lived cache write keeps its ratio to an ordinary one.
            var ratio = cacheWriteRate == 0 ? 1 : cacheWriteLongRate / cacheWriteRate;
            (inputRate, outputRate) = (lengthy.Input, lengthy.Output);
            cacheReadRate = lengthy.CacheRead ?? inputRate;
            cacheWriteRate = lengthy.CacheWrite ?? inputRate;
            cacheWriteLongRate = cacheWriteRate * ratio;
        }

        var left = Math.Max(0, usage.InputTokens);
        var cacheRead = Take(ref left, usage.CacheReadTokens);
        var cacheWrite = Take(ref left, usage.CacheWriteTokens);
        var cacheWriteLong = Math.Clamp(usage.CacheWriteLongTokens, 0, cacheWrite);
        var audioIn = Take(ref left, usage.AudioInputTokens);
        var imageIn = Take(ref left, usage.ImageInputTokens);
        var input = ((left * inputRate)
            + (cacheRead * cacheReadRate)
            + ((cacheWrite - cacheWriteLong) * cacheWriteRate)
            + (cacheWriteLong * cacheWriteLongRate)
            + (audioIn * (price.AudioInput ?? inputRate))
            + (imageIn * (price.ImageInput ?? inputRate))) / Million;
        input += Math.Max(0, usage.InputCharacters) * (price.Characters ?? 0) / Million;
        input += Math.Max(0, usage.InputSeconds) * (price.Minute ?? 0) / 60;

        var answered = Math.Max(0, usage.OutputTokens);
        var audioOut = Take(ref answered, usage.AudioOutputTokens);
        var imageOut = Take(ref answered, usage.ImageOutputTokens);
        var output = ((answered * outputRate)
            + (audioOut * (price.AudioOutput ?? outputRate))
            + (imageOut * (price.ImageOutput ?? outputRate))) / Million;
        output += Math.Max(0, usage.Images) * (price.Image ?? 0);
        output += Math.Max(0, usage.OutputSeconds) * (price.Minute ?? 0) / 60;
        return new CostBreakdown(input, output, price.Request ?? 0);
    }

    /// <summary>The most that usage within a bound can cost, however its tokens divide into kinds and whichever side of a long context they fall on.</summary>
    /// <param name="price">The price.</param>
    /// <param name="most">The bound.</param>
    public static decimal Most(ModelPrice price, in Usage most)
    {
        var input = Dearest(price.Input, price.CacheRead, price.CacheWrite, price.CacheWriteLong, price.AudioInput, price.ImageInput);
        var output = Dearest(price.Output, price.AudioOutput, price.ImageOutput);
        if (price.LongContext is { } lengthy && most.InputTokens > lengthy.Above)
        {
            // A long-lived cache write keeps its ratio to an ordinary one.
            var write = lengthy.CacheWrite ?? lengthy.Input;
            var ordinary = price.CacheWrite ?? price.Input ?? 0;
            input = Dearest(input, lengthy.Input, lengthy.CacheRead, write, ordinary == 0 ? write : write * (price.CacheWriteLong ?? ordinary) / ordinary);
            output = Dearest(output, lengthy.Output);
        }

        return Of(price with { Input = input, Output = output, CacheRead = input, CacheWrite = input, CacheWriteLong = input, AudioInput = input, ImageInput = input, AudioOutput = output, ImageOutput = output, LongContext = null }, most).Total;
    }

    private static decimal Dearest(params ReadOnlySpan<decimal?> prices)
    {
        var most = 0m;
        foreach (var price in prices) most = Math.Max(most, price ?? 0);
        return most;
    }

    private static long Take(ref long left, long part)
    {
        var taken = Math.Clamp(part, 0, left);
        left -= taken;
        return taken;
    }
}
