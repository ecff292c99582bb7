using System.Globalization;
using System.Runtime.CompilerServices;

namespace Lava.Core.Catalogue;

/// <summary>What a model takes and gives, as its provider documents it. The catalogue writes it as words between blanks, each with its values behind a colon:
/// <c>in:text,image,pdf out:text effort:low,medium,high budget:1024-63999 adaptive toggle temperature:no files</c>. What is not said is not known.</summary>
public sealed record ModelProfile
{
    private static readonly ConditionalWeakTable<CatalogueModel, ModelProfile> Known = [];

    /// <summary>What it takes: <c>text</c>, <c>image</c>, <c>pdf</c>, <c>audio</c>, <c>video</c>; empty where unknown.</summary>
    public IReadOnlyList<string> Input { get; init; } = [];

    /// <summary>What it gives: <c>text</c>, <c>image</c>, <c>audio</c>, <c>video</c>; empty where unknown.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>Whether it takes <c>temperature</c>; null where unknown.</summary>
    public bool? Temperature { get; init; }

    /// <summary>Whether it takes files (images or documents) in a prompt.</summary>
    public bool Files { get; init; }

    /// <summary>Whether it can reason before it answers.</summary>
    public bool Reasoning { get; init; }

    /// <summary>The words for how much it is to reason, in the provider's order (<c>none</c>, <c>minimal</c>, <c>low</c>, …); empty where it takes
    /// none.</summary>
    public IReadOnlyList<string> Efforts { get; init; } = [];

    /// <summary>The least budget of reasoning that it takes, tokens; null where it takes no budget, or the least is unknown.</summary>
    public long? LeastBudget { get; init; }

    /// <summary>The largest budget of reasoning that it takes, tokens; null where it takes no budget, or the largest is unknown.</summary>
    public long? MostBudget { get; init; }

    /// <summary>Whether it takes a budget of tokens for its reasoning.</summary>
    public bool TakesBudget { get; init; }

    /// <summary>Whether its reasoning can be asked for only as adaptive (Claude), not by a budget.</summary>
    public bool Adaptive { get; init; }

    /// <summary>Whether its reasoning is switched on and off.</summary>
    public bool Toggle { get; init; }

    /// <summary>Whether it calls functions.</summary>
    public bool Tools { get; init; }

    /// <summary>Whether it keeps to a JSON schema.</summary>
    public bool StructuredOutput { get; init; }

    /// <summary>A model's profile; read once for each model.</summary>
    public static ModelProfile Of(CatalogueModel model) => Known.GetValue(model, static model => TryParse(model.Profile, out var profile, out _)
        ? profile with
        {
            Reasoning = profile.Reasoning || model.Capabilities.Contains("reasoning"),
            Tools = model.Capabilities.Contains("tools"),
            StructuredOutput = model.Capabilities.Contains("json_schema"),
        }
        : throw new InvalidOperationException($"The profile of {model.Id} cannot be read."));

    /// <summary>Reads a profile's words.</summary>
    /// <param name="text">The words; null for none.</param>
    /// <param name="profile">What they say.</param>
    /// <param name="fault">The word that cannot be read, where the result is false.</param>
    public static bool TryParse(string? text, out ModelProfile profile, out string fault)
    {
        profile = new ModelProfile();
        fault = "";
        foreach (var word in (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = colon < 0 ? (word, "") : (word[..colon], word[(colon + 1)..]);
            var next = (name, value) switch
            {
                ("in", { Length: > 0 }) => profile with { Input = value.Split(',') },
                ("out", { Length: > 0 }) => profile with { Output = value.Split(',') },
                ("effort", { Length: > 0 }) => profile with { Reasoning = true, Efforts = value.Split(',') },
                ("budget", { Length: > 0 }) => WithBudget(profile, value),
                ("temperature", "yes" or "no") => profile with { Temperature = value == "yes" },
                ("adaptive", "") => profile with { Reasoning = true, Adaptive = true },
                ("toggle", "") => profile with { Reasoning = true, Toggle = true },
                ("files", "") => profile with { Files = true },
                _ => null,
            };
            if (next is null)
            {
                fault = word;
                return false;
            }

            profile = next;
        }

        return true;
    }

    /// <summary>Reads <c>1024-63999</c>, either side of which may be missing.</summary>
    private static ModelProfile? WithBudget(ModelProfile profile, string value)
    {
        var parts = value.Split('-');
        if (parts.Length != 2 || !TryBound(parts[0], out var least) || !TryBound(parts[1], out var most) || least > most) return null;
        return profile with { Reasoning = true, TakesBudget = true, LeastBudget = least, MostBudget = most };
    }

    private static bool TryBound(string text, out long? bound)
    {
        bound = null;
        if (text.Length == 0) return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        bound = number;
        return true;
    }
}
