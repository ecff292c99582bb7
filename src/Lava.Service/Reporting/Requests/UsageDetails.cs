using System.Text.Json.Serialization;
using Lava.Core.Pricing;

namespace Lava.Service.Reporting.Requests;

/// <summary>What was measured beyond the plain counts, on the wire: parts of the tokens, the terms of service, tools that the provider ran. What did not
/// occur is absent.</summary>
internal sealed record UsageDetails
{
    /// <summary>Prompt tokens read from a cache.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long CacheReadTokens { get; init; }

    /// <summary>Prompt tokens written to a cache, whatever its lifetime.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long CacheWriteTokens { get; init; }

    /// <summary>Those of them that were written to a long-lived cache (one hour).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long CacheWriteLongTokens { get; init; }

    /// <summary>Answer tokens spent on reasoning.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ReasoningTokens { get; init; }

    /// <summary>Prompt tokens that encode audio.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long AudioInputTokens { get; init; }

    /// <summary>Answer tokens that encode audio.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long AudioOutputTokens { get; init; }

    /// <summary>Prompt tokens that encode images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ImageInputTokens { get; init; }

    /// <summary>Answer tokens that encode images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ImageOutputTokens { get; init; }

    /// <summary>Images made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Images { get; init; }

    /// <summary>Searches by which a rerank is billed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SearchUnits { get; init; }

    /// <summary>The service tier that served it; absent for the ordinary one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? ServiceTier { get; init; }

    /// <summary>The speed at which it was served; absent for the ordinary one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Speed { get; init; }

    /// <summary>The region in which it was computed, where that may change the price.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? InferenceGeo { get; init; }

    /// <summary>Searches of the web.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long WebSearches { get; init; }

    /// <summary>Searches of X.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long XSearches { get; init; }

    /// <summary>Searches of files.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long FileSearches { get; init; }

    /// <summary>Runs of code, or containers for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long CodeExecutions { get; init; }

    /// <summary>A usage's details; null where it has none.</summary>
    internal static UsageDetails? Of(in Usage usage)
    {
        var details = new UsageDetails
        {
            CacheReadTokens = usage.CacheReadTokens,
            CacheWriteTokens = usage.CacheWriteTokens,
            CacheWriteLongTokens = usage.CacheWriteLongTokens,
            ReasoningTokens = usage.ReasoningTokens,
            AudioInputTokens = usage.AudioInputTokens,
            AudioOutputTokens = usage.AudioOutputTokens,
            ImageInputTokens = usage.ImageInputTokens,
            ImageOutputTokens = usage.ImageOutputTokens,
            Images = usage.Images,
            SearchUnits = usage.SearchUnits,
            ServiceTier = usage.Tier,
            Speed = usage.Speed,
            InferenceGeo = usage.Geo,
            WebSearches = usage.Tools.WebSearches + usage.Tools.PreviewSearches,
            XSearches = usage.Tools.XSearches,
            FileSearches = usage.Tools.FileSearches,
            CodeExecutions = usage.Tools.CodeExecutions,
        };
        return details == new UsageDetails() ? null : details;
    }
}
