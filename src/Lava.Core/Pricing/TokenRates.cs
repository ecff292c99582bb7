using Lava.Core.Catalogue;

namespace Lava.Core.Pricing;

/// <summary>What each kind of token costs in a call, US dollars per 1M.</summary>
internal readonly record struct TokenRates(
    decimal Input,
    decimal Output,
    decimal CacheRead,
    decimal CacheWrite,
    decimal CacheWriteLong,
    decimal AudioInput,
    decimal AudioOutput,
    decimal ImageInput,
    decimal ImageOutput)
{
    /// <summary>The dearest of a prompt's kinds.</summary>
    public decimal DearestInput => Math.Max(Math.Max(Math.Max(Input, CacheRead), Math.Max(CacheWrite, CacheWriteLong)), Math.Max(AudioInput, ImageInput));

    /// <summary>The dearest of an answer's kinds.</summary>
    public decimal DearestOutput => Math.Max(Output, Math.Max(AudioOutput, ImageOutput));

    /// <summary>The ordinary rates: a part without a price of its own costs what the whole does.</summary>
    public static TokenRates Of(ModelPrice price)
    {
        var input = price.Input ?? 0;
        var output = price.Output ?? 0;
        var write = price.CacheWrite ?? input;
        return new TokenRates(
            input,
            output,
            price.CacheRead ?? input,
            write,
            price.CacheWriteLong ?? write,
            price.AudioInput ?? input,
            price.AudioOutput ?? output,
            price.ImageInput ?? input,
            price.ImageOutput ?? output);
    }

    /// <summary>Of each rate the higher one.</summary>
    public static TokenRates Dearest(in TokenRates one, in TokenRates other) => new(
        Math.Max(one.Input, other.Input),
        Math.Max(one.Output, other.Output),
        Math.Max(one.CacheRead, other.CacheRead),
        Math.Max(one.CacheWrite, other.CacheWrite),
        Math.Max(one.CacheWriteLong, other.CacheWriteLong),
        Math.Max(one.AudioInput, other.AudioInput),
        Math.Max(one.AudioOutput, other.AudioOutput),
        Math.Max(one.ImageInput, other.ImageInput),
        Math.Max(one.ImageOutput, other.ImageOutput));

    /// <summary>The rates where a rule of the price holds.</summary>
    public TokenRates Under(PriceRule rule, ModelPrice price)
    {
        var write = rule.CacheWrite ?? rule.Input;
        var ordinary = price.CacheWrite ?? price.Input ?? 0;
        var ratio = ordinary == 0 ? 1 : (price.CacheWriteLong ?? ordinary) / ordinary;
        var factor = rule.Factor ?? 1;
        return new TokenRates(
            factor * (rule.Input ?? Input),
            factor * (rule.Output ?? Output),
            factor * (rule.CacheRead ?? rule.Input ?? CacheRead),
            factor * (write ?? CacheWrite),
            factor * (rule.CacheWriteLong ?? (write is null ? CacheWriteLong : write.Value * ratio)),
            factor * (rule.AudioInput ?? (price.AudioInput is null ? rule.Input : null) ?? AudioInput),
            factor * (rule.AudioOutput ?? (price.AudioOutput is null ? rule.Output : null) ?? AudioOutput),
            factor * (rule.ImageInput ?? (price.ImageInput is null ? rule.Input : null) ?? ImageInput),
            factor * (rule.ImageOutput ?? (price.ImageOutput is null ? rule.Output : null) ?? ImageOutput));
    }
}
