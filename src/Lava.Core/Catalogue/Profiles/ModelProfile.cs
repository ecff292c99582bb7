using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Lava.Core.Catalogue.Profiles;

/// <summary>What a model takes and gives, as its provider documents it. The catalogue writes it as words between blanks, each with its values behind a colon:
/// <c>in:text,image,pdf out:text effort:low,medium,high budget:1024-63999 adaptive toggle temperature:no files</c>. What holds for a whole family of models
/// stands in <see cref="ModelFamilies"/> in the same words. What is not said is not known, and then nothing is changed or refused because of it.</summary>
public sealed record ModelProfile
{
    /// <summary>The profile of a model that nobody describes.</summary>
    public static readonly ModelProfile Unknown = new();

    private static readonly ConditionalWeakTable<CatalogueModel, ConcurrentDictionary<string, ModelProfile>> Known = [];

    /// <summary>What it takes: <c>text</c>, <c>image</c>, <c>pdf</c>, <c>audio</c>, <c>video</c>; empty where unknown.</summary>
    public IReadOnlyList<string> Input { get; init; } = [];

    /// <summary>What it gives: <c>text</c>, <c>image</c>, <c>audio</c>, <c>video</c>; empty where unknown.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>Whether it takes <c>temperature</c>; null where unknown.</summary>
    public bool? Temperature { get; init; }

    /// <summary>What its family says of sampling; null where it says nothing.</summary>
    public SamplingRule? FamilySampling { get; init; }

    /// <summary>Which sampling parameters it takes.</summary>
    public SamplingRule Sampling => FamilySampling ?? (Temperature == false ? SamplingRule.None : SamplingRule.Any);

    /// <summary>Whether it takes files (images or documents) in a prompt.</summary>
    public bool Files { get; init; }

    /// <summary>Whether it can reason before it answers; null where unknown.</summary>
    public bool? Reasoning { get; init; }

    /// <summary>The words for how much it is to reason, in the provider's order (<c>none</c>, <c>minimal</c>, <c>low</c>, …); empty where it takes
    /// none.</summary>
    public IReadOnlyList<string> Efforts { get; init; } = [];

    /// <summary>The least budget of reasoning that it takes, tokens; null where it takes no budget, or the least is unknown.</summary>
    public long? LeastBudget { get; init; }

    /// <summary>The largest budget of reasoning that it takes, tokens; null where it takes no budget, or the largest is unknown.</summary>
    public long? MostBudget { get; init; }

    /// <summary>Whether it takes a budget of tokens for its reasoning.</summary>
    public bool TakesBudget { get; init; }

    /// <summary>Whether its reasoning can be asked for as adaptive (Claude); only so where it takes no budget.</summary>
    public bool Adaptive { get; init; }

    /// <summary>Whether its reasoning is switched on and off.</summary>
    public bool Toggle { get; init; }

    /// <summary>Whether and how its reasoning can be switched off; null where unknown.</summary>
    public ReasoningOff? Off { get; init; }

    /// <summary>Whether it reasons where a request does not say.</summary>
    public bool ReasonsByDefault { get; init; }

    /// <summary>Whether a request may force it to call a tool.</summary>
    public bool TakesForcedTools { get; init; } = true;

    /// <summary>Whether it takes stop sequences.</summary>
    public bool TakesStops { get; init; } = true;

    /// <summary>Whether it takes penalties (<c>presence_penalty</c>, <c>frequency_penalty</c>).</summary>
    public bool TakesPenalties { get; init; } = true;

    /// <summary>Whether a request may say if several tools can be called at once.</summary>
    public bool TakesParallel { get; init; } = true;

    /// <summary>Whether chat completions take tools for it only while it does not reason; <c>/v1/responses</c> takes both together.</summary>
    public bool ReasonsWithToolsInResponsesOnly { get; init; }

    /// <summary>Whether it is served by <c>/v1/responses</c> alone, not by chat completions.</summary>
    public bool ResponsesOnly { get; init; }

    /// <summary>Whether messages with tool calls must come back with what the model thought before them (<c>reasoning_content</c> of chats; DeepSeek, Kimi:
    /// api-docs.deepseek.com/guides/thinking_mode, read on 28 November 2026).</summary>
    public bool WantsThoughts { get; init; }

    /// <summary>Whether its thoughts come without their text unless the request asks for it (Claude's <c>thinking.display</c> is <c>omitted</c> by default
    /// from Opus 4.7 on: platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-7, read on 28 November 2026).</summary>
    public bool HidesThoughts { get; init; }

    /// <summary>Whether it goes on with a response that the request has begun; null where unknown.</summary>
    public bool? Prefill { get; init; }

    /// <summary>Most tokens of an answer; null where unknown.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Whether it calls functions.</summary>
    public bool Tools { get; init; }

    /// <summary>Whether it keeps to a JSON schema.</summary>
    public bool StructuredOutput { get; init; }

    /// <summary>A model's profile; read once for each name of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">The name that it was asked for by: an alias of another family (<c>gpt-5-chat-latest</c>) has that family's facts.</param>
    public static ModelProfile Of(CatalogueModel model, string? name = null)
    {
        // Only names of the catalogue are kept, so that callers cannot fill the memory.
        if (name is null || name == model.Id || !model.Aliases.Contains(name)) name = model.Id;
        return Known.GetOrCreateValue(model).GetOrAdd(name, static (name, model) => Read(model, name), model);
    }

    /// <summary>What is known of a model that is in no catalogue: what its name tells of its family.</summary>
    public static ModelProfile OfName(string name) => TryParse(ModelFamilies.WordsOf(name), out var profile, out _) ? profile : Unknown;

    /// <summary>Reads a profile's words.</summary>
    /// <param name="text">The words; null for none. A later word of the same name wins.</param>
    /// <param name="profile">What they say.</param>
    /// <param name="fault">The word that cannot be read, where the result is false.</param>
    public static bool TryParse(string? text, out ModelProfile profile, out string fault)
    {
        fault = "";
        profile = Unknown;
        foreach (var word in (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ProfileWord.Apply(profile, word) is { } next)
            {
                profile = next;
                continue;
            }

            fault = word;
            return false;
        }

        return true;
    }

    private static ModelProfile Read(CatalogueModel model, string name)
    {
        var (own, family) = (model.Profile, ModelFamilies.WordsOf(name));
        var words = family == ModelFamilies.WordsOf(model.Id) ? $"{family} {own}" : $"{own} {family}";
        if (!TryParse(words, out var profile, out var fault)) throw new InvalidOperationException($"The profile of {model.Id} has {fault}.");
        return profile with
        {
            Reasoning = profile.Reasoning ?? (model.Capabilities.Contains("reasoning") ? true : own is null ? null : false),
            Tools = model.Capabilities.Contains("tools"),
            StructuredOutput = model.Capabilities.Contains("json_schema"),
            MaxOutputTokens = model.MaxOutputTokens,
        };
    }
}
