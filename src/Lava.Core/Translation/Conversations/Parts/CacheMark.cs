namespace Lava.Core.Translation.Conversations.Parts;

/// <summary>Whether the prompt up to a part is to be kept in the provider's cache.</summary>
internal enum CacheMark
{
    None,

    /// <summary>For the provider's usual time: five minutes.</summary>
    Short,

    /// <summary>For an hour.</summary>
    Long,
}
