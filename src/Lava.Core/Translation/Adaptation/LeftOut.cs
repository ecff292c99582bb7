using System.Buffers;
using System.Text.Json;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Adaptation;

/// <summary>Tells which members of a request no reader has looked for, so that they do not go to the provider.</summary>
internal static class LeftOut
{
    private const int LongestName = 64;

    /// <summary>Members of the root whose own members are settings.</summary>
    private static readonly HashSet<string> Settings = ["generationConfig", "generation_config", "inferenceConfig", "text", "reasoning", "output_config"];

    /// <summary>What a name may have that goes into a header.</summary>
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    /// <summary>Adds the names of the members. Those that ask for nothing (null, false, empty) are passed over.</summary>
    /// <param name="body">The request, which has been read.</param>
    /// <param name="issues">Knows what was looked for.</param>
    /// <param name="log">Receives the names.</param>
    public static void Tell(JsonElement body, Issues issues, Adaptations log)
    {
        foreach (var member in body.EnumerateObject())
        {
            if (!issues.HasLooked(null, member.Name)) Add(member, null);
            else if (member.Value.ValueKind == JsonValueKind.Object && Settings.Contains(member.Name))
            {
                foreach (var setting in member.Value.EnumerateObject())
                {
                    if (!issues.HasLooked(member.Name, setting.Name)) Add(setting, member.Name);
                }
            }
        }

        void Add(JsonProperty member, string? parent)
        {
            if (!AsksForSomething(member.Value) || member.Name.Length > LongestName || member.Name.AsSpan().ContainsAnyExcept(NameCharacters)) return;
            log.Add(parent is null ? member.Name : $"{parent}.{member.Name}");
        }
    }

    private static bool AsksForSomething(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.String => !value.ValueEquals(""u8),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.GetPropertyCount() > 0,
        _ => true,
    };
}
