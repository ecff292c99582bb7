using Lava.Core.Catalogue;
using Lava.Core.Formats;

namespace Lava.Core.Pricing;

/// <summary>What a call is charged for. A reported zero stays a zero. What was not reported is estimated, and what cannot be is not charged.</summary>
/// <param name="Usage">The usage.</param>
/// <param name="Cost">Its list price at the provider.</param>
/// <param name="Flag">What was wrong with what the provider reported.</param>
/// <param name="Reported">What it reported, where that is more than can be; null otherwise.</param>
/// <param name="HeldCost">By how much the list price of that would be higher, US dollars.</param>
/// <param name="Lines">The lines that the cost is the sum of.</param>
public readonly record struct SettledUsage(Usage Usage, CostBreakdown Cost, UsageFlag Flag, Usage? Reported, decimal HeldCost, IReadOnlyList<CostLine> Lines)
{
    /// <summary>A report that is beyond the bound by less is taken at the bound without more ado: providers round up, and count an end of text.</summary>
    private const long Tolerance = 16;

    /// <summary>The tier of what is answered within a day.</summary>
    private const string BatchTier = "batch";

    /// <summary>Settles a call that ended in success, or that its client left.</summary>
    /// <param name="facts">The request.</param>
    /// <param name="model">Its model; null where none prices it.</param>
    /// <param name="endpoint">What was called.</param>
    /// <param name="summary">What the answer said of itself.</param>
    /// <param name="at">When it ended: prices go by days and hours.</param>
    /// <param name="isTrusted">Whether the answer comes from Lava's own sandbox, whose counts are what they were asked to be.</param>
    /// <param name="hasLeft">Whether the client left before the answer's end.</param>
    public static SettledUsage Of(
        RequestFacts facts, CatalogueModel? model, ProviderEndpoint endpoint, in AnswerSummary summary, DateTimeOffset at, bool isTrusted, bool hasLeft = false)
    {
        if (model is null)
        {
            var flat = endpoint.RequestPrice is { } request
                ? ProviderCost.Of(new ModelPrice { Request = request }, default, at)
                : new PricedCall(default, [], false);
            var given = hasLeft ? UsageFlag.LeftEarly : UsageFlag.None;
            return new SettledUsage(endpoint.RequestPrice is null ? summary.Usage : default, flat.Cost, given, null, 0, flat.Lines);
        }

        var most = UsageEstimate.Most(facts, model, endpoint);
        var (usage, flag) = Known(facts, model.Price, endpoint, summary, most, hasLeft);
        var isImpossible = false;
        var possible = UsageEstimate.Possible(most, facts, model, endpoint);
        var bounded = isTrusted ? usage : Bound(usage, possible, out isImpossible);
        if (!facts.Terms.IsOrdinary)
        {
            // Where the address says where it is computed, the answer need not.
            var named = endpoint.Geo is null ? summary.Named : summary.Named & ~NamedTerms.Geo;
            (usage, bounded) = (OnTerms(usage, facts.Terms, named, model, at), OnTerms(bounded, facts.Terms, named, model, at));
        }

        var priced = ProviderCost.Of(model.Price, bounded, at);
        if (summary.Cost is { } reported && IsCharged(endpoint.ReportedCost, priced))
            return AtReportedCost(bounded, flag, reported, priced, isTrusted ? decimal.MaxValue : ProviderCost.Most(model.Price, possible), usage);
        if (isImpossible)
        {
            var held = ProviderCost.Of(model.Price, usage, at).Cost.Total - priced.Cost.Total;
            return new SettledUsage(bounded, priced.Cost, UsageFlag.Impossible, usage, held, priced.Lines);
        }

        if (priced.IsUnpriced && flag is (UsageFlag.None or UsageFlag.Estimated or UsageFlag.LeftEarly)) flag = UsageFlag.Unpriced;
        return new SettledUsage(bounded, priced.Cost, flag, null, 0, priced.Lines);
    }

    /// <summary>Settles an answer of a batch, at the batch price. Its request is not known, so nothing bounds what the provider reported.</summary>
    /// <param name="model">Its model; null where the catalogue does not have it.</param>
    /// <param name="summary">What the answer said of itself.</param>
    /// <param name="at">When it is priced: prices go by days and hours.</param>
    public static SettledUsage OfBatch(CatalogueModel? model, in AnswerSummary summary, DateTimeOffset at)
    {
        var usage = summary.Usage with { Tier = BatchTier };
        if (model is null) return new SettledUsage(usage, default, UsageFlag.Unpriced, null, 0, []);
        var priced = ProviderCost.Of(model.Price, usage, at);
        var isFree = model.Price is { Input: 0, Output: 0 };
        var flag = summary.IsUnreadable ? UsageFlag.Unreadable
            : !summary.HasUsage && !isFree ? UsageFlag.Unreported
            : summary.IsInconsistent ? UsageFlag.Contradictory
            : priced.IsUnpriced && !isFree ? UsageFlag.Unpriced
            : UsageFlag.None;
        return new SettledUsage(usage, priced.Cost, flag, null, 0, priced.Lines);
    }

    /// <summary>What is known of the usage: as reported, as the request tells, or as it is likely to be: then of each count the larger one, for what a
    /// provider had reported by then it bills, and an answer grows.</summary>
    private static (Usage Usage, UsageFlag Flag) Known(
        RequestFacts facts,
        ModelPrice price,
        ProviderEndpoint endpoint,
        in AnswerSummary summary,
        in Usage most,
        bool hasLeft)
    {
        var usage = summary.Usage;
        var isReported = summary is { HasUsage: true, IsUnreadable: false };
        var missing = summary.IsUnreadable ? UsageFlag.Unreadable : UsageFlag.Unreported;
        switch (endpoint.Kind)
        {
            case EndpointKind.Embeddings when endpoint.Format == WireFormat.Gemini:
                missing = summary.IsUnreadable ? missing : UsageFlag.Estimated;
                break;
            case EndpointKind.Moderation:
                missing = summary.IsUnreadable ? missing : UsageFlag.Estimated;
                break;
            case EndpointKind.Rerank:
                isReported &= price.Search is null || usage.SearchUnits > 0;
                break;
            case EndpointKind.Speech:
                // Characters are the request's to tell. Tokens only a stream of events reports.
                usage = usage with { InputCharacters = Math.Max(usage.InputCharacters, facts.Characters) };
                isReported |= price.Input is null;
                missing = summary.IsUnreadable ? missing : UsageFlag.Estimated;
                break;
            case EndpointKind.Transcription:
                // Seconds are the recording's to tell, where it does; no transcript of plain text has them.
                if (price.Minute is not null && usage.InputSeconds == 0)
                {
                    isReported = facts.AudioSeconds is not null && !summary.IsUnreadable;
                    if (isReported) usage = usage with { InputSeconds = facts.AudioSeconds!.Value };
                }

                missing = summary.IsUnreadable ? missing : UsageFlag.Estimated;
                break;
            case EndpointKind.Images:
                if (usage.Images == 0) usage = usage with { Images = facts.Choices };
                isReported = (isReported && usage.TotalTokens > 0) || (price.Input is null && !summary.IsUnreadable);
                break;
        }

        if (hasLeft)
        {
            // A prompt that was reported is counted; the answer has grown since.
            var likely = UsageEstimate.Likely(most, facts, endpoint, summary.Seen);
            var known = isReported && usage.InputTokens > 0
                ? usage with { OutputTokens = Math.Max(usage.OutputTokens, likely.OutputTokens) }
                : Usage.Larger(likely, usage);
            return (known, UsageFlag.LeftEarly);
        }

        if (isReported) return (usage, summary.IsInconsistent ? UsageFlag.Contradictory : UsageFlag.None);
        return (Usage.Larger(UsageEstimate.Likely(most, facts, endpoint, summary.Seen), usage), missing);
    }

    /// <summary>Usage on the dearest of the terms that can have been served: what was asked for and is not named in the answer, or the ordinary
    /// ones.</summary>
    private static Usage OnTerms(Usage usage, in AskedTerms asked, NamedTerms named, CatalogueModel model, DateTimeOffset at)
    {
        // An answer does not say by which of the two tools the web was searched.
        if (asked.Tools.HasFlag(HostedTools.WebSearchPreview) && usage.Tools.WebSearches > 0)
        {
            var searched = usage.Tools with { WebSearches = 0, PreviewSearches = usage.Tools.WebSearches };
            var preview = usage with { Tools = searched };
            usage = asked.Tools.HasFlag(HostedTools.WebSearch) ? Dearer(usage, preview, model, at) : preview;
        }

        if (asked.Tier is not null && !named.HasFlag(NamedTerms.Tier)) usage = Dearer(usage, usage with { Tier = asked.Tier }, model, at);
        if (asked.Speed is not null && !named.HasFlag(NamedTerms.Speed)) usage = Dearer(usage, usage with { Speed = asked.Speed }, model, at);
        if (asked.Geo is not null && !named.HasFlag(NamedTerms.Geo)) usage = Dearer(usage, usage with { Geo = asked.Geo }, model, at);
        return usage;
    }

    private static Usage Dearer(in Usage one, in Usage other, CatalogueModel model, DateTimeOffset at) =>
        ProviderCost.Of(model.Price, other, at).Cost.Total > ProviderCost.Of(model.Price, one, at).Cost.Total ? other : one;

    private static bool IsCharged(ReportedCosts costs, in PricedCall priced) =>
        costs == ReportedCosts.Charged || (costs == ReportedCosts.WhereUnpriced && priced.IsUnpriced);

    /// <summary>Settles at the cost that the provider reported. One beyond the most that the call could cost is charged up to that, and the rest waits for the
    /// operator.</summary>
    private static SettledUsage AtReportedCost(in Usage usage, UsageFlag flag, decimal cost, in PricedCall priced, decimal most, in Usage reported)
    {
        var charged = Math.Min(cost, most);
        var line = new CostLine("reported_cost", 1, charged, 1);

        // Divided between prompt and answer as the list prices divide it.
        var total = priced.Cost.Total;
        var input = total == 0 ? 0 : Math.Round(charged * priced.Cost.Input / total, 12);
        var output = total == 0 ? 0 : Math.Round(charged * priced.Cost.Output / total, 12);
        var breakdown = new CostBreakdown(input, output, charged - input - output);
        return cost > charged
            ? new SettledUsage(usage, breakdown, UsageFlag.Impossible, reported, cost - charged, [line])
            : new SettledUsage(usage, breakdown, flag, null, 0, [line]);
    }

    private static Usage Bound(in Usage usage, in Usage possible, out bool isImpossible)
    {
        var isBeyond = false;
        var bounded = usage with
        {
            InputTokens = Least(usage.InputTokens, possible.InputTokens),
            LongestPromptTokens = Math.Min(usage.LongestPromptTokens, possible.InputTokens),
            OutputTokens = Least(usage.OutputTokens, possible.OutputTokens),
            InputCharacters = Least(usage.InputCharacters, possible.InputCharacters),
            OutputCharacters = Least(usage.OutputCharacters, possible.OutputCharacters),
            Images = Least(usage.Images, possible.Images),
            SearchUnits = Least(usage.SearchUnits, possible.SearchUnits),
            InputSeconds = LeastSeconds(usage.InputSeconds, possible.InputSeconds),
            OutputSeconds = LeastSeconds(usage.OutputSeconds, possible.OutputSeconds),
        };
        isImpossible = isBeyond;
        return bounded;

        long Least(long count, long bound)
        {
            isBeyond |= count > bound + Tolerance;
            return Math.Min(count, bound);
        }

        decimal LeastSeconds(decimal seconds, decimal bound)
        {
            isBeyond |= seconds > (bound * 1.02m) + 1;
            return Math.Min(seconds, bound);
        }
    }
}
