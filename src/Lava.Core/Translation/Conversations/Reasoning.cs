namespace Lava.Core.Translation.Conversations;

/// <summary>How much a model is to think: by effort or by tokens. Low is 1,024 tokens, medium 4,096, high 16,384 (behaviour.md §3.3), and each step above that
/// twice as many.</summary>
/// <param name="Effort">In words; null where the client gives tokens, or neither.</param>
/// <param name="Budget">In tokens; null where the client gives words, or neither.</param>
internal sealed record Reasoning(Effort? Effort, long? Budget)
{
    private const long LowBudget = 1024;
    private const long MediumBudget = 4096;
    private const long HighBudget = 16_384;
    private const long XHighBudget = 32_768;
    private const long MaxBudget = 65_536;

    /// <summary>Whether the client wants to read what the model thinks.</summary>
    public bool IsShown { get; init; }

    /// <summary>Whether thinking is switched off.</summary>
    public bool IsOff => Effort == Conversations.Effort.None || Budget == 0;

    /// <summary>Tokens to think with; 0 where it is off. Without a word or a number it is the medium effort's.</summary>
    public long Tokens => Budget ?? TokensOf(Effort ?? Conversations.Effort.Medium);

    /// <summary>The effort, a number of tokens counting as the highest effort that it pays for.</summary>
    public Effort Level => Effort ?? Budget switch
    {
        null => Conversations.Effort.Medium,
        0 => Conversations.Effort.None,
        < MediumBudget => Conversations.Effort.Low,
        < HighBudget => Conversations.Effort.Medium,
        < XHighBudget => Conversations.Effort.High,
        < MaxBudget => Conversations.Effort.XHigh,
        _ => Conversations.Effort.Max,
    };

    /// <summary>Tokens that an effort stands for.</summary>
    public static long TokensOf(Effort effort) => effort switch
    {
        Conversations.Effort.None => 0,
        Conversations.Effort.Minimal or Conversations.Effort.Low => LowBudget,
        Conversations.Effort.Medium => MediumBudget,
        Conversations.Effort.High => HighBudget,
        Conversations.Effort.XHigh => XHighBudget,
        _ => MaxBudget,
    };

    /// <summary>Reads OpenAI's word; null for one that is not known.</summary>
    public static Effort? EffortOf(string word) => word switch
    {
        "none" => Conversations.Effort.None,
        "minimal" => Conversations.Effort.Minimal,
        "low" => Conversations.Effort.Low,
        "medium" => Conversations.Effort.Medium,
        "high" => Conversations.Effort.High,
        "xhigh" => Conversations.Effort.XHigh,
        "max" => Conversations.Effort.Max,
        _ => null,
    };

    /// <summary>OpenAI's word.</summary>
    public static string WordOf(Effort effort) => effort switch
    {
        Conversations.Effort.None => "none",
        Conversations.Effort.Minimal => "minimal",
        Conversations.Effort.Low => "low",
        Conversations.Effort.Medium => "medium",
        Conversations.Effort.High => "high",
        Conversations.Effort.XHigh => "xhigh",
        _ => "max",
    };

    /// <summary>The word among some that comes closest to an effort: the highest that does not exceed it, or else the lowest. Null where none of them is
    /// an effort.</summary>
    /// <param name="effort">The effort.</param>
    /// <param name="words">The words that a model takes. <c>none</c> counts only where nothing else is asked for.</param>
    public static string? Closest(Effort effort, IReadOnlyList<string> words)
    {
        var isNone = effort == Conversations.Effort.None;
        var known = words.Select(EffortOf).OfType<Effort>().Where(word => (word == Conversations.Effort.None) == isNone).ToList();
        if (known.Count == 0) known = [.. words.Select(EffortOf).OfType<Effort>().Where(word => word != Conversations.Effort.None)];
        if (known.Count == 0) return null;
        var below = known.Where(word => word <= effort).ToList();
        return WordOf(below.Count > 0 ? below.Max() : known.Min());
    }
}
