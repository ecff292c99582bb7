namespace Lava.Core.Catalogue.Profiles;

/// <summary>Which of <c>temperature</c>, <c>top_p</c> and <c>top_k</c> a model takes.</summary>
public enum SamplingRule
{
    /// <summary>All that its format has.</summary>
    Any,

    /// <summary><c>temperature</c> or <c>top_p</c>, not both.</summary>
    One,

    /// <summary>All that its format has, but only while it does not reason (OpenAI from GPT-5.1 on: with effort <c>none</c>).</summary>
    Idle,

    /// <summary>None: any value but the default is refused.</summary>
    None,
}
