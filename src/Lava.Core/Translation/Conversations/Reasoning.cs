namespace Lava.Core.Translation.Conversations;

/// <summary>How much a model is to think: by effort or by tokens. Low is 1,024 tokens, medium 4,096, high 16,384 (behaviour.md §3.3).</summary>
/// <param name="Effort">In words; null where the client gives tokens, or neither.</param>
/// <param name="Budget">In tokens; null where the client gives words, or neither.</param>
internal sealed record Reasoning(Effort? Effort, long? Budget)
{
    private const long LowBudget = 1024;
    private const long MediumBudget = 4096;
    private const long HighBudget = 16_384;

    /// <summary>Whether thinking is switched off.</summary>
    public bool IsOff => Effort == Conversations.Effort.None || Budget == 0;

    /// <summary>Tokens to think with; 0 where it is off. Without a word or a number it is the medium effort's.</summary>
    public long Tokens => Budget ?? Effort switch
    {
        Conversations.Effort.None => 0,
        Conversations.Effort.Minimal or Conversations.Effort.Low => LowBudget,
        Conversations.Effort.High => HighBudget,
        _ => MediumBudget,
    };

    /// <summary>The effort, a number of tokens counting as the highest effort that it pays for.</summary>
    public Effort Level => Effort ?? Budget switch
    {
        null => Conversations.Effort.Medium,
        0 => Conversations.Effort.None,
        < MediumBudget => Conversations.Effort.Low,
        < HighBudget => Conversations.Effort.Medium,
        _ => Conversations.Effort.High,
    };

    /// <summary>Reads OpenAI's word; null for one that is not known.</summary>
    public static Effort? EffortOf(string word) => word switch
    {
        "none" => Conversations.Effort.None,
        "minimal" => Conversations.Effort.Minimal,
        "low" => Conversations.Effort.Low,
        "medium" => Conversations.Effort.Medium,
        "high" or "xhigh" or "max" => Conversations.Effort.High,
        _ => null,
    };

    /// <summary>OpenAI's word.</summary>
    public string Word => Level switch
    {
        Conversations.Effort.None => "none",
        Conversations.Effort.Minimal => "minimal",
        Conversations.Effort.Low => "low",
        Conversations.Effort.High => "high",
        _ => "medium",
    };
}
