using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue.Profiles;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;

namespace Lava.Core.Translation.Adaptation;

/// <summary>Makes tools ones that a format takes.</summary>
internal static class ToolAdaptation
{
    /// <summary>Characters of the hash at the end of a name that was cut.</summary>
    private const int HashCharacters = 8;

    private const string Used = "A tool that was used earlier in this conversation. It cannot be called any more.";

    private static readonly Dictionary<string, string> Unchanged = [];

    private static readonly JsonElement AnyObject = JsonElement.Parse("""{"type":"object","properties":{}}""");

    /// <summary>The conversation with the tools that it has used, where it offers none and the provider wants to see some.</summary>
    public static Conversation AddUsed(Conversation conversation, FormatRules rules, Adaptations log)
    {
        if (!rules.HistoryNeedsTools || conversation.Tools.Count > 0) return conversation;
        var calls = conversation.Turns.SelectMany(turn => turn.Parts).OfType<ToolCallPart>();
        var names = calls.Select(call => call.Name).Distinct(StringComparer.Ordinal).ToList();
        if (names.Count == 0) return conversation;
        log.Add("tools", "used_before");
        return conversation with { Tools = [.. names.Select(name => new Tool(name, Used, AnyObject))], ToolChoice = default };
    }

    /// <summary>The conversation with names that the format takes, and the client's names by those.</summary>
    public static (Conversation Conversation, IReadOnlyDictionary<string, string> Names) Rename(Conversation conversation, FormatRules rules, Adaptations log)
    {
        var all = conversation.Tools.Select(tool => tool.Name)
            .Concat(conversation.Turns.SelectMany(turn => turn.Parts).OfType<ToolCallPart>().Select(call => call.Name))
            .Append(conversation.ToolChoice.Name)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        if (all.All(rules.IsToolName)) return (conversation, Unchanged);
        log.Add("tools.name");
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        var clients = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in all.Where(name => !rules.IsToolName(name)).Order(StringComparer.Ordinal))
        {
            var legal = Legal(name, rules, all);
            all.Add(legal);
            told.Add(name, legal);
            clients.Add(legal, name);
        }

        var choice = conversation.ToolChoice;
        var changed = conversation with
        {
            Tools = [.. conversation.Tools.Select(tool => tool with { Name = Told(tool.Name) })],
            Turns = [.. conversation.Turns.Select(turn => turn.Parts.Any(part => part is ToolCallPart)
                ? turn with { Parts = [.. turn.Parts.Select(part => part is ToolCallPart call ? call with { Name = Told(call.Name) } : part)] }
                : turn)],
            ToolChoice = choice.Name is { } named ? choice with { Name = Told(named) } : choice,
        };
        return (changed, clients);

        string Told(string name) => told.GetValueOrDefault(name, name);
    }

    /// <summary>An answer's parts with the client's names again.</summary>
    public static IReadOnlyList<Part> Restore(IReadOnlyList<Part> parts, IReadOnlyDictionary<string, string> names) =>
        names.Count == 0 ? parts : [.. parts.Select(part => part is ToolCallPart call && names.TryGetValue(call.Name, out var name)
            ? call with { Name = name }
            : part)];

    /// <summary>A name that the format takes and no other tool has. It depends on the name alone unless another tool has it, so that it is the same in every
    /// call of a conversation.</summary>
    private static string Legal(string name, FormatRules rules, HashSet<string> taken)
    {
        var plain = rules.Plain(name);
        if (rules.IsToolName(plain) && !taken.Contains(plain)) return plain;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashCharacters];
        var room = rules.LongestToolName - HashCharacters - 1;
        if (plain.Length == 0 || !rules.IsToolName(plain[..1])) plain = $"t_{plain}";
        return $"{plain[..Math.Min(plain.Length, room)]}_{hash}";
    }
}
