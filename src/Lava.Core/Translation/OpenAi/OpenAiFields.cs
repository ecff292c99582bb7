using System.Text.Json;
using Lava.Core.Metering;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.OpenAi;

/// <summary>What chat completions and Responses have in common.</summary>
internal static class OpenAiFields
{
    /// <summary>Longest id of a tool call, characters; a longer one is refused by OpenAI.</summary>
    public const int LongestCallId = 40;

    public static Tool ReadFunction(JsonView function)
    {
        var parameters = function["parameters"];
        parameters.IsOptionalObject();
        return new Tool(function["name"].RequiredText(), function["description"].Text(), parameters.Exists ? parameters.Value : default) { Strict = function["strict"].Flag() };
    }

    public static void WriteFunction(Tool tool, Utf8JsonWriter json)
    {
        json.WriteString("name", tool.Name);
        json.WriteIfGiven("description", tool.Description);
        if (tool.HasParameters) json.WriteElement("parameters", tool.Parameters);
        json.WriteIfGiven("strict", tool.Strict);
    }

    /// <summary>Reads <c>tool_choice</c>.</summary>
    /// <param name="choice">The member.</param>
    /// <param name="name">Where it names a function, if it is an object.</param>
    public static ToolChoice ReadToolChoice(JsonView choice, JsonView name)
    {
        if (!choice.Exists) return default;
        if (choice.IsObject)
        {
            if (choice["type"].Text() == "function") return new ToolChoice(ToolChoiceKind.Named, name.RequiredText());
            choice["type"].Refuse("is a choice of tools that is not translated");
            return default;
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

    /// <summary>The word for a choice; null for none and for a named function.</summary>
    public static string? Word(ToolChoice choice) => choice.Kind switch
    {
        ToolChoiceKind.Auto => "auto",
        ToolChoiceKind.None => "none",
        ToolChoiceKind.Any => "required",
        _ => null,
    };

    public static Reasoning? ReadEffort(JsonView effort)
    {
        if (effort.Text() is not { } word) return null;
        if (Reasoning.EffortOf(word) is { } known) return new Reasoning(known, null);
        effort.Malformed("must be none, minimal, low, medium, high or xhigh");
        return null;
    }

    /// <summary>Writes a usage object; cached tokens are a part of the prompt's there and reasoning a part of the answer's.</summary>
    public static void WriteUsage(Utf8JsonWriter json, in Usage usage, string input, string output, string inputDetails, string outputDetails)
    {
        json.WriteStartObject();
        json.WriteNumber(input, usage.InputTokens);
        json.WriteNumber(output, usage.OutputTokens);
        json.WriteNumber("total_tokens", usage.TotalTokens);
        json.WriteStartObject(inputDetails);
        json.WriteNumber("cached_tokens", usage.CacheReadTokens);

        // OpenAI has no price for writing to its cache; hosts that imitate it and have one say so here.
        if (usage.CacheWriteTokens > 0) json.WriteNumber("cache_write_tokens", usage.CacheWriteTokens);
        json.WriteEndObject();
        json.WriteStartObject(outputDetails);
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The prompt's system texts as one.</summary>
    public static string SystemText(Conversation conversation) => string.Join("\n\n", conversation.System.Select(part => part.Text));

    /// <summary>Refuses what OpenAI takes for no file: it reads PDFs.</summary>
    public static bool IsFile(DocumentPart document, Issues issues)
    {
        if (document.Media.Url is not null || document.Media.Type == "application/pdf") return true;
        issues.Unsupported(document.Origin, $"is a document of type {document.Media.Type}, and the provider's format takes only PDF");
        return false;
    }

    /// <summary>Writes a call of a tool as chat completions have it, open for more members.</summary>
    public static void StartCall(ToolCallPart call, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", call.Id);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", call.Name);
        json.WriteString("arguments", call.Arguments.Length == 0 ? "{}" : call.Arguments);
        json.WriteEndObject();
    }

    /// <summary>Writes the members of a schema that the answer is to follow.</summary>
    public static void WriteSchema(OutputShape output, Utf8JsonWriter json)
    {
        json.WriteString("name", output.Name ?? "answer");
        json.WriteElement("schema", output.Schema);
        json.WriteIfGiven("strict", output.Strict);
    }
}
