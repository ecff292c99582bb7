using Lava.Core.Catalogue;

namespace Lava.Core.Pricing;

/// <summary>Prices a call at its provider's list price (behaviour.md §2.6).</summary>
public static class ProviderCost
{
    private const decimal Million = 1_000_000m;
    private const decimal Thousand = 1_000m;

    /// <summary>The list price of a call's usage, line by line. Parts that contradict their whole are clamped to it, so that no part is ever counted twice or
    /// negatively. A tier, speed or region that no rule of the price knows, a long-lived cache write where only ordinary ones have a price, and a tool
    /// without one cost the dearest that is known of the model.</summary>
    /// <param name="price">The price.</param>
    /// <param name="usage">What was used, on which terms.</param>
    /// <param name="at">When the call ended: prices go by days and hours.</param>
    public static PricedCall Of(ModelPrice price, in Usage usage, DateTimeOffset at)
    {
        var rates = Rates(price, usage, at, out var isUnpriced);
        var sheet = new CostSheet(new List<CostLine>(4));
        isUnpriced |= Fill(ref sheet, price, rates, usage);
        return new PricedCall(sheet.Cost, sheet.Lines, isUnpriced);
    }

    /// <summary>The most that usage within a bound can cost, however its tokens divide into kinds, whenever the call ends, and whichever side of a long
    /// prompt it falls on. The bound's terms count: a tier, speed or region that it does not name is not reckoned with.</summary>
    /// <param name="price">The price.</param>
    /// <param name="most">The bound.</param>
    public static decimal Most(ModelPrice price, in Usage most)
    {
        var rates = TokenRates.Of(price);
        foreach (var rule in price.When)
        {
            if (!IsLongEnough(rule, most) || !Agrees(rule.Tier, most.Tier) || !Agrees(rule.Speed, most.Speed) || !Agrees(rule.Geo, most.Geo)) continue;
            rates = TokenRates.Dearest(rates, rates.Under(rule, price));
        }

        var (input, output) = (rates.DearestInput, rates.DearestOutput);
        var sheet = new CostSheet(null);
        Fill(ref sheet, price, new TokenRates(input, output, input, input, input, input, output, input, output), most);
        return sheet.Cost.Total;
    }

    /// <summary>Writes a sheet; returns whether the usage has a tool without a price.</summary>
    private static bool Fill(ref CostSheet sheet, ModelPrice price, in TokenRates rates, in Usage usage)
    {
        var left = Math.Max(0, usage.InputTokens);
        var cacheRead = Take(ref left, usage.CacheReadTokens);
        var cacheWrite = Take(ref left, usage.CacheWriteTokens);
        var cacheWriteLong = Math.Clamp(usage.CacheWriteLongTokens, 0, cacheWrite);
        var audioIn = Take(ref left, usage.AudioInputTokens);
        var imageIn = Take(ref left, usage.ImageInputTokens);
        sheet.Input("input", left, rates.Input, Million);
        sheet.Input("cache_read", cacheRead, rates.CacheRead, Million);
        sheet.Input("cache_write", cacheWrite - cacheWriteLong, rates.CacheWrite, Million);
        sheet.Input("cache_write_long", cacheWriteLong, rates.CacheWriteLong, Million);
        sheet.Input("audio_input", audioIn, rates.AudioInput, Million);
        sheet.Input("image_input", imageIn, rates.ImageInput, Million);
        if (price.Characters is { } characters) sheet.Input("characters", usage.InputCharacters, characters, Million);
        if (price.Minute is { } minute)
        {
            sheet.Input("minute", usage.InputSeconds, minute, 60);
            sheet.Output("minute", usage.OutputSeconds, minute, 60);
        }

        var answered = Math.Max(0, usage.OutputTokens);
        var audioOut = Take(ref answered, usage.AudioOutputTokens);
        var imageOut = Take(ref answered, usage.ImageOutputTokens);
        sheet.Output("output", answered, rates.Output, Million);
        sheet.Output("audio_output", audioOut, rates.AudioOutput, Million);
        sheet.Output("image_output", imageOut, rates.ImageOutput, Million);
        if (price.Image is { } image) sheet.Output("image", usage.Images, image, 1);
        if (price.Search is { } search) sheet.Other("search", usage.SearchUnits, search, Thousand);
        if (price.Request is { } request) sheet.Other("request", 1, request, 1);
        return AddTools(ref sheet, price.Tools, usage.Tools);
    }

    private static TokenRates Rates(ModelPrice price, in Usage usage, DateTimeOffset at, out bool isUnpriced)
    {
        var rates = TokenRates.Of(price);
        bool hasTier = usage.Tier is null, hasSpeed = usage.Speed is null, hasGeo = usage.Geo is null;
        for (var i = 0; i < price.When.Count; i++)
        {
            var rule = price.When[i];
            if (!Holds(rule, usage, at)) continue;
            rates = rates.Under(rule, price);
            hasTier |= rule.Tier is not null;
            hasSpeed |= rule.Speed is not null;
            hasGeo |= rule.Geo is not null;
        }

        isUnpriced = !(hasTier && hasSpeed && hasGeo);
        if (isUnpriced)
        {
            foreach (var rule in price.When)
            {
                if ((rule.Tier ?? rule.Speed ?? rule.Geo) is not null && HoldsAt(rule, at) && IsLongEnough(rule, usage))
                    rates = TokenRates.Dearest(rates, rates.Under(rule, price));
            }
        }

        // A write for an hour costs more than one for minutes, by how much only the provider knows.
        if (usage.CacheWriteLongTokens > 0 && price is { CacheWriteLong: null, CacheWrite: not null })
        {
            isUnpriced = true;
            rates = rates with { CacheWriteLong = rates.DearestInput };
        }

        return rates;
    }

    private static bool Holds(PriceRule rule, in Usage usage, DateTimeOffset at) =>
        IsLongEnough(rule, usage) && Agrees(rule.Tier, usage.Tier) && Agrees(rule.Speed, usage.Speed) && Agrees(rule.Geo, usage.Geo) && HoldsAt(rule, at);

    private static bool HoldsAt(PriceRule rule, DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        var day = DateOnly.FromDateTime(utc);
        return !(day < rule.From) && !(day > rule.Until) && (rule.Days is null || PriceTimes.IsOn(rule.Days, utc))
            && (rule.Hours is null || PriceTimes.IsWithin(rule.Hours, utc));
    }

    private static bool Agrees(string? asked, string? served) => asked is null || asked.Equals(served, StringComparison.Ordinal);

    private static bool IsLongEnough(PriceRule rule, in Usage usage) =>
        rule.Above is not { } above || (usage.LongestPromptTokens > 0 ? usage.LongestPromptTokens : usage.InputTokens) > above;

    /// <summary>Adds what tools cost; returns whether one of them has no price.</summary>
    private static bool AddTools(ref CostSheet sheet, ToolPrices? prices, in ToolCalls calls)
    {
        if (calls == default) return false;
        var searches = Math.Max(Math.Max(prices?.WebSearch ?? 0, prices?.WebSearchPreview ?? 0), Math.Max(prices?.XSearch ?? 0, prices?.FileSearch ?? 0));
        var dearest = Math.Max(Math.Max(searches, prices?.CodeExecution ?? 0), prices?.GroundedAnswer ?? 0);
        var isUnpriced = calls.Others > 0;

        // Gemini reports both an answer's queries and that it is grounded, and bills one of the two.
        var isGrounded = calls.GroundedAnswers > 0;
        if (isGrounded && prices?.GroundedAnswer is { } grounded) sheet.Other("grounded_answer", calls.GroundedAnswers, grounded, Thousand);
        else isUnpriced |= Add(ref sheet, "web_search", calls.WebSearches, prices?.WebSearch, dearest);
        isUnpriced |= Add(ref sheet, "web_search_preview", calls.PreviewSearches, prices?.WebSearchPreview, dearest);
        isUnpriced |= Add(ref sheet, "x_search", calls.XSearches, prices?.XSearch, dearest);
        isUnpriced |= Add(ref sheet, "file_search", calls.FileSearches, prices?.FileSearch, dearest);
        isUnpriced |= Add(ref sheet, "code_execution", calls.CodeExecutions, prices?.CodeExecution, dearest);
        return isUnpriced;
    }

    private static bool Add(ref CostSheet sheet, string item, long count, decimal? price, decimal dearest)
    {
        sheet.Other(item, count, price ?? dearest, Thousand);
        return count > 0 && price is null;
    }

    private static long Take(ref long left, long part)
    {
        var taken = Math.Clamp(part, 0, left);
        left -= taken;
        return taken;
    }
}
