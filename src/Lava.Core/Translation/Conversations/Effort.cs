namespace Lava.Core.Translation.Conversations;

/// <summary>How hard a model is to think, in OpenAI's words.</summary>
internal enum Effort
{
    None,
    Minimal,
    Low,
    Medium,
    High,
    XHigh,
    Max,
}
