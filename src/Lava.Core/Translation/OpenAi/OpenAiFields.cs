using System.Text.Json;
using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.OpenAi;

/// <summary>What chat completions and Responses have in common.</summary>
internal static class OpenAiFields
{
    /// <summary>Longest id of a tool call, characters; a longer one is refused by OpenAI.</summary>
    public const int LongestCallId = 40;

    /// <summary>Reads how much a model is to reason; null where nothing is said.</summary>
    /// <param name="effort">The word.</param>
    /// <param name="isShown">Whether the client wants to read it. Chats cannot say so, and show what there is.</param>
    public static Reasoning? ReadEffort(JsonView effort, bool isShown = true)
    {
        if (effort.Text() is not { } word) return null;
        if (Reasoning.EffortOf(word) is { } known) return new Reasoning(known, null) { IsShown = isShown };
        effort.Malformed("must be none, minimal, low, medium, high, xhigh or max");
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
    /// <param name="call">The call.</param>
    /// <param name="asFunction">Whether one of a custom tool is to look like one of a function, its text in the place of arguments.</param>
    /// <param name="json">The writer.</param>
    public static void StartCall(ToolCallPart call, bool asFunction, Utf8JsonWriter json)
    {
        var isCustom = call.IsCustom && !asFunction;
        json.WriteStartObject();
        json.WriteString("id", call.Id);
        json.WriteString("type", OpenAiTools.TypeOf(isCustom));
        json.WriteStartObject(OpenAiTools.TypeOf(isCustom));
        json.WriteString("name", call.Name);
        json.WriteString(isCustom ? "input" : "arguments", ArgumentsOf(call));
        json.WriteEndObject();
    }

    /// <summary>The arguments of a call: without any, those of a function are an empty object.</summary>
    public static string ArgumentsOf(ToolCallPart call) => call is { Arguments.Length: 0, IsCustom: false } ? "{}" : call.Arguments;

    /// <summary>Writes the members of a schema that the answer is to follow.</summary>
    public static void WriteSchema(OutputShape output, Utf8JsonWriter json)
    {
        json.WriteString("name", output.Name ?? "answer");
        json.WriteElement("schema", output.Schema);
        json.WriteIfGiven("strict", output.Strict);
    }
}
