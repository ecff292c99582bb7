using System.Globalization;

namespace Lava.Core.Catalogue.Profiles;

/// <summary>The words of a profile.</summary>
internal static class ProfileWord
{
    /// <summary>The profile with what a word says; null for an unknown word.</summary>
    public static ModelProfile? Apply(ModelProfile profile, string word)
    {
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        var (name, value) = colon < 0 ? (word, "") : (word[..colon], word[(colon + 1)..]);
        return (name, value) switch
        {
            ("in", { Length: > 0 }) => profile with { Input = value.Split(',') },
            ("out", { Length: > 0 }) => profile with { Output = value.Split(',') },
            ("files", "") => profile with { Files = true },
            ("temperature", "yes" or "no") => profile with { Temperature = value == "yes" },
            ("sampling", "any") => profile with { FamilySampling = SamplingRule.Any },
            ("sampling", "one") => profile with { FamilySampling = SamplingRule.One },
            ("sampling", "idle") => profile with { FamilySampling = SamplingRule.Idle },
            ("sampling", "none") => profile with { FamilySampling = SamplingRule.None },
            ("reasoning", "no") => profile with { Reasoning = false, Efforts = [], TakesBudget = false, Adaptive = false },
            ("effort", { Length: > 0 }) => profile with { Reasoning = true, Efforts = value.Split(',') },
            ("budget", { Length: > 0 }) => WithBudget(profile, value),
            ("adaptive", "") => profile with { Reasoning = true, Adaptive = true },
            ("toggle", "") => profile with { Reasoning = true, Toggle = true },
            ("off", "yes") => profile with { Off = ReasoningOff.Yes },
            ("off", "no") => profile with { Off = ReasoningOff.No },
            ("off", "between_tools") => profile with { Off = ReasoningOff.BetweenTools },
            ("default", "on" or "off") => profile with { ReasonsByDefault = value == "on" },
            ("forced_tools", "no") => profile with { TakesForcedTools = false },
            ("stop", "no") => profile with { TakesStops = false },
            ("penalties", "no") => profile with { TakesPenalties = false },
            ("parallel", "no") => profile with { TakesParallel = false },
            ("chat_tools", "idle") => profile with { ReasonsWithToolsInResponsesOnly = true },
            ("api", "responses") => profile with { ResponsesOnly = true },
            ("thoughts", "hidden") => profile with { HidesThoughts = true },
            ("thoughts", "back") => profile with { WantsThoughts = true },
            ("prefill", "yes" or "no") => profile with { Prefill = value == "yes" },
            _ => null,
        };
    }

    /// <summary>Reads <c>1024-63999</c>; either side may be missing.</summary>
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
