using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Responses;

namespace Lava.Core.Translation.OpenAi;

/// <summary>Tools in OpenAI's formats: chat has what describes one in an object of its own, Responses has it flat. Cursor mixes the two, and for some models
/// Anthropic's way with them, so that any is read in both.</summary>
internal static class OpenAiTools
{
    public static Tool? Read(JsonView tool)
    {
        if (!tool.IsGivenObject()) return null;
        switch (tool["type"].Text())
        {
            case null or "function":
                var function = tool["function"];
                if (IsFlat(tool, function)) function = tool;
                function.IsGivenObject();
                var mark = Anthropic.AnthropicRequestReader.ReadCache(tool);
                return ReadFunction(function) with { Cache = mark == CacheMark.None ? Anthropic.AnthropicRequestReader.ReadCache(function) : mark };
            case "custom":
                var custom = tool["custom"];
                if (IsFlat(tool, custom)) custom = tool;
                custom.IsGivenObject();
                return new Tool(custom["name"].RequiredText(), custom["description"].Text(), default) { Input = ReadFormat(custom["format"]) };
            default:
                tool["type"].Refuse("is a tool that the provider would host, which is not translated");
                return null;
        }
    }

    /// <summary>Adds a list of Responses' tools, those in its namespaces too. A later tool of the same name takes the place of an earlier one.</summary>
    /// <param name="list">The list.</param>
    /// <param name="tools">The tools so far.</param>
    /// <param name="space">The namespace in which the list stands; null for none.</param>
    public static void AddAll(JsonView list, List<Tool> tools, string? space = null)
    {
        foreach (var entry in list.Items())
        {
            if (space is null && entry.IsObject && entry["type"] is { IsString: true } type && type.Text() == "namespace")
            {
                AddAll(entry["tools"], tools, entry["name"].RequiredText());
                continue;
            }

            if (Read(entry) is not { } tool) continue;
            tool = tool with { Name = ToolNamespace.Join(space, tool.Name) };
            tools.RemoveAll(other => other.Name == tool.Name);
            tools.Add(tool);
        }
    }

    /// <summary>Whether some tool is a custom one that is described as Responses does it.</summary>
    public static bool HasFlatCustom(JsonView tools) =>
        tools.IsArray && tools.Items().Any(tool => tool["type"] is { IsString: true } type && type.Text() == "custom" && IsFlat(tool, tool["custom"]));

    /// <summary>Reads <c>tool_choice</c>.</summary>
    public static ToolChoice ReadChoice(JsonView choice)
    {
        if (!choice.Exists) return default;
        if (choice.IsObject)
        {
            switch (choice["type"].Text())
            {
                case "function" or "custom" or "tool":
                    var named = choice[choice["type"].Text()!];
                    return new ToolChoice(ToolChoiceKind.Named, (IsFlat(choice, named) ? choice : named)["name"].RequiredText());
                case "auto": return new ToolChoice(ToolChoiceKind.Auto);
                case "any": return new ToolChoice(ToolChoiceKind.Any);
                default:
                    choice["type"].Refuse("is a choice of tools that is not translated");
                    return default;
            }
        }

        switch (choice.Text())
        {
            case "auto": return new ToolChoice(ToolChoiceKind.Auto);
            case "none": return new ToolChoice(ToolChoiceKind.None);
            case "required": return new ToolChoice(ToolChoiceKind.Any);
            default:
                choice.Malformed("must be auto, none, required or a function");
                return default;
        }
    }

    /// <summary>The word for a choice; null for none and for a named tool.</summary>
    public static string? Word(ToolChoice choice) => choice.Kind switch
    {
        ToolChoiceKind.Auto => "auto",
        ToolChoiceKind.None => "none",
        ToolChoiceKind.Any => "required",
        _ => null,
    };

    /// <summary>The type of the tool that a choice names.</summary>
    public static string TypeOfNamed(Conversation conversation) =>
        TypeOf(conversation.Tools.Any(tool => tool.Input is not null && tool.Name == conversation.ToolChoice.Name));

    /// <summary>The type of a tool or of its call in chat, and the name of the member that describes it.</summary>
    public static string TypeOf(bool isCustom) => isCustom ? "custom" : "function";

    /// <summary>Writes the members of a tool. A grammar is in an object of its own in chat.</summary>
    public static void Write(Tool tool, Utf8JsonWriter json, bool isFlat)
    {
        json.WriteString("name", tool.Name);
        json.WriteIfGiven("description", tool.Description);
        if (tool.HasParameters)
        {
            json.WritePropertyName("parameters");
            SchemaRewriter.Complete.Write(tool.Parameters, json);
        }


        json.WriteIfGiven("strict", tool.Strict);
        if (tool.Input is not { Grammar: not null } input) return;
        json.WriteStartObject("format");
        json.WriteString("type", "grammar");
        if (!isFlat) json.WriteStartObject("grammar");
        json.WriteString("syntax", input.Syntax ?? "lark");
        json.WriteString("definition", input.Grammar);
        if (!isFlat) json.WriteEndObject();
        json.WriteEndObject();
    }

    private static bool IsFlat(JsonView tool, JsonView inner) => !inner.Exists && tool["name"].Exists;

    private static Tool ReadFunction(JsonView function)
    {
        var parameters = function["parameters", "input_schema"];
        parameters.IsOptionalObject();
        return new Tool(
            function["name"].RequiredText(),
            function["description"].Text(),
            parameters.Exists ? parameters.Value : default) { Strict = function["strict"].Flag() };
    }

    private static TextInput ReadFormat(JsonView format)
    {
        if (!format.IsOptionalObject()) return new TextInput();
        switch (format["type"].RequiredText())
        {
            case "text" or "": return new TextInput();
            case "grammar":
                var grammar = format["grammar"].IsObject ? format["grammar"] : format;
                return new TextInput(grammar["syntax"].RequiredText(), grammar["definition"].RequiredText());
            default:
                format["type"].Refuse("is a form of input that is not translated");
                return new TextInput();
        }
    }
}
