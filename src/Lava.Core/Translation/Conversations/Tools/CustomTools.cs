using System.Text;
using System.Text.Json;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.Conversations.Tools;

/// <summary>Custom tools for providers that know functions only: a function with one text, from whose arguments the text is taken out again (behaviour.md
/// §3.3).</summary>
internal static class CustomTools
{
    /// <summary>The function's only parameter.</summary>
    public const string Parameter = "input";

    /// <summary>The names where there are none.</summary>
    public static readonly HashSet<string> None = [];

    private const string About = "The tool's whole input, as the tool's description has it. Where that asks for plain text instead of JSON, this is that text.";

    /// <summary>The names of a conversation's custom tools.</summary>
    public static HashSet<string> NamesOf(IReadOnlyList<Tool> tools)
    {
        var names = None;
        foreach (var tool in tools)
        {
            if (tool.Input is null) continue;
            if (names == None) names = new HashSet<string>(StringComparer.Ordinal);
            names.Add(tool.Name);
        }

        return names;
    }

    /// <summary>The turns with the calls of custom tools marked as such that clients send back as calls of functions.</summary>
    public static IReadOnlyList<Turn> Recall(IReadOnlyList<Turn> turns, IReadOnlyList<Tool> tools)
    {
        var names = NamesOf(tools);
        return names.Count == 0 ? turns : Map(turns, call => names.Contains(call.Name) ? call with { IsCustom = true } : call);
    }

    /// <summary>The conversation with functions in the place of custom tools, their calls before now included.</summary>
    public static Conversation AsFunctions(Conversation conversation)
    {
        var hasAny = conversation.Tools.Any(tool => tool.Input is not null)
            || conversation.Turns.Any(turn => turn.Parts.Any(part => part is ToolCallPart { IsCustom: true }));
        return !hasAny ? conversation : conversation with
        {
            Tools = [.. conversation.Tools.Select(AsFunction)],
            Turns = Map(conversation.Turns, call => call.IsCustom ? call with { IsCustom = false, Arguments = Wrap(call.Arguments) } : call),
        };
    }

    /// <summary>An answer with the calls of those functions as calls of custom tools again.</summary>
    public static Answer Unwrap(Answer answer, IReadOnlySet<string> names) => answer with
    {
        Parts = [.. answer.Parts.Select(part => part is ToolCallPart { IsCustom: false } call && names.Contains(call.Name)
            ? call with { IsCustom = true, Arguments = Unwrap(call.Arguments) }
            : part)],
    };

    private static string Unwrap(string arguments)
    {
        var input = new WrappedInput();
        return input.Take(arguments) + input.Finish();
    }

    private static string Wrap(string text) => $"{{\"{Parameter}\":{Encoding.UTF8.GetString(JsonToken.Of(text))}}}";

    private static Tool AsFunction(Tool tool)
    {
        if (tool.Input is not { } input) return tool;
        var about = input.Grammar is null
            ? About
            : $"{About} It must match this grammar ({(input.Syntax == "regex" ? "a regular expression" : input.Syntax ?? "lark")}):\n{input.Grammar}";
        var described = Encoding.UTF8.GetString(JsonToken.Of(about));
        var schema = $$$"""
            {"type":"object","properties":{"{{{Parameter}}}":{"type":"string","description":{{{described}}}}},"required":["{{{Parameter}}}"]}
            """;
        return new Tool(tool.Name, tool.Description, JsonElement.Parse(schema)) { Cache = tool.Cache };
    }

    private static IReadOnlyList<Turn> Map(IReadOnlyList<Turn> turns, Func<ToolCallPart, ToolCallPart> change) =>
        [.. turns.Select(turn => turn.Parts.Any(part => part is ToolCallPart)
            ? turn with { Parts = [.. turn.Parts.Select(part => part is ToolCallPart call ? change(call) : part)] }
            : turn)];
}
