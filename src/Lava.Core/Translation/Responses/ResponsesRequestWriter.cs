using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.OpenAi;

namespace Lava.Core.Translation.Responses;

/// <summary>Writes a request for a response that is not stored. Left out, for want of a member: <c>top_k</c>, penalties, the seed, cache markers.</summary>
internal static class ResponsesRequestWriter
{
    private const int LongestCallId = 64;

    public static void Write(Conversation conversation, Utf8JsonWriter json, Issues issues)
    {
        var turns = ToolIds.Legalise(conversation.Turns, "call_", LongestCallId);
        Prefill.Refuse(turns, issues);
        json.WriteStartObject();
        json.WriteString("model", conversation.Model);
        var isSystemAlone = turns.All(turn => turn.Parts.Count == 0);
        if (conversation.System.Count > 0 && !isSystemAlone) json.WriteString("instructions", OpenAiFields.SystemText(conversation));
        json.WriteStartArray("input");

        // Responses refuses an empty input; a developer's message is the same prompt.
        if (isSystemAlone && conversation.System.Count > 0) WriteDeveloper(OpenAiFields.SystemText(conversation), json);
        var custom = turns.SelectMany(turn => turn.Parts)
            .OfType<ToolCallPart>()
            .Where(call => call.IsCustom)
            .Select(call => call.Id)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var turn in turns) WriteTurn(turn, custom, json, issues);
        json.WriteEndArray();
        WriteTools(conversation, json);
        json.WriteIfGiven("max_output_tokens", conversation.MaxTokens);
        json.WriteIfGiven("temperature", conversation.Temperature);
        json.WriteIfGiven("top_p", conversation.TopP);
        WriteOutput(conversation.Output, json);
        if (conversation.Plan.Effort is { } effort)
        {
            json.WriteStartObject("reasoning");
            json.WriteString("effort", effort);
            if (conversation.Plan.IsOn) json.WriteString("summary", "auto");
            json.WriteEndObject();
        }

        json.WriteIfGiven("user", conversation.User);
        json.WriteBoolean("store", false);
        if (conversation.Stream) json.WriteBoolean("stream", true);
        json.WriteEndObject();
    }

    private static void WriteDeveloper(string text, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteString("role", "developer");
        json.WriteString("content", text);
        json.WriteEndObject();
    }

    /// <summary>Writes a turn: what was said in a row is one message, calls and their answers are items of their own.</summary>
    private static void WriteTurn(Turn turn, HashSet<string> custom, Utf8JsonWriter json, Issues issues)
    {
        var isOpen = false;
        foreach (var part in turn.Parts)
        {
            if (part is ThinkingPart) continue;
            if (part is ToolCallPart or ToolResultPart)
            {
                EndMessage();
                WriteItem(part, custom, json, issues);
                continue;
            }

            if (!isOpen)
            {
                json.WriteStartObject();
                json.WriteString("type", "message");
                json.WriteString("role", turn.IsAssistant ? "assistant" : "user");
                json.WriteStartArray("content");
            }

            isOpen = true;
            WritePart(part, turn.IsAssistant, json, issues);
        }

        EndMessage();

        void EndMessage()
        {
            if (!isOpen) return;
            json.WriteEndArray();
            json.WriteEndObject();
            isOpen = false;
        }
    }

    private static void WriteItem(Part part, HashSet<string> custom, Utf8JsonWriter json, Issues issues)
    {
        json.WriteStartObject();
        switch (part)
        {
            case ToolCallPart call:
                json.WriteString("type", call.IsCustom ? "custom_tool_call" : "function_call");
                json.WriteString("call_id", call.Id);
                json.WriteString("name", call.Name);
                json.WriteString(call.IsCustom ? "input" : "arguments", OpenAiFields.ArgumentsOf(call));
                break;
            case ToolResultPart result:
                json.WriteString("type", custom.Contains(result.CallId) ? "custom_tool_call_output" : "function_call_output");
                json.WriteString("call_id", result.CallId);
                if (result.Content.All(content => content is TextPart)) json.WriteString("output", result.Text);
                else
                {
                    json.WriteStartArray("output");
                    foreach (var content in result.Content) WritePart(content, false, json, issues);
                    json.WriteEndArray();
                }

                break;
        }

        json.WriteEndObject();
    }

    private static void WritePart(Part part, bool isAssistant, Utf8JsonWriter json, Issues issues)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("type", isAssistant ? "output_text" : "input_text");
                json.WriteString("text", text.Text);
                break;
            case ImagePart image:
                json.WriteString("type", "input_image");
                json.WriteString("image_url", image.Media.ToUrl());
                json.WriteIfGiven("detail", image.Detail);
                break;
            case DocumentPart document when OpenAiFields.IsFile(document, issues):
                json.WriteString("type", "input_file");
                if (document.Media.Url is not null) json.WriteString("file_url", document.Media.Url);
                else
                {
                    json.WriteString("filename", document.Name ?? "document.pdf");
                    json.WriteString("file_data", document.Media.ToUrl());
                }

                break;
        }

        json.WriteEndObject();
    }

    private static void WriteTools(Conversation conversation, Utf8JsonWriter json)
    {
        if (conversation.Tools.Count == 0) return;
        json.WriteStartArray("tools");
        foreach (var tool in conversation.Tools)
        {
            json.WriteStartObject();
            json.WriteString("type", OpenAiTools.TypeOf(tool.Input is not null));
            OpenAiTools.Write(tool, json, isFlat: true);

            // Responses is strict unless told otherwise, and then refuses schemas that are not.
            if (tool is { Strict: null, Input: null }) json.WriteBoolean("strict", false);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (conversation.ToolChoice.Kind == ToolChoiceKind.Named)
        {
            json.WriteStartObject("tool_choice");
            json.WriteString("type", OpenAiTools.TypeOfNamed(conversation));
            json.WriteString("name", conversation.ToolChoice.Name);
            json.WriteEndObject();
        }
        else json.WriteIfGiven("tool_choice", OpenAiTools.Word(conversation.ToolChoice));

        json.WriteIfGiven("parallel_tool_calls", conversation.ParallelTools);
    }

    private static void WriteOutput(OutputShape? output, Utf8JsonWriter json)
    {
        if (output is null) return;
        json.WriteStartObject("text");
        json.WriteStartObject("format");
        json.WriteString("type", output.HasSchema ? "json_schema" : "json_object");
        if (output.HasSchema) OpenAiFields.WriteSchema(output, json);

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
