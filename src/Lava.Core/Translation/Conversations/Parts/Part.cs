using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Conversations.Parts;

/// <summary>A piece of a turn or of an answer.</summary>
internal abstract record Part
{
    public CacheMark Cache { get; init; }

    /// <summary>Where it stands in the client's body, to name it where it cannot be carried.</summary>
    public JsonPath? Origin { get; init; }
}
