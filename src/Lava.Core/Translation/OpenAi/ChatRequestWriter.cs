using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.OpenAi;

/// <summary>Writes a chat completion's request. Left out, for want of a member: <c>top_k</c>, cache markers, earlier thoughts
/// unless the provider wants them back.</summary>
internal static class ChatRequestWriter
{
    public static void Write(Conversation conversation, Utf8JsonWriter json, Issues issues)
    {
        json.WriteStartObject();
        json.WriteString("model", conversation.Model);
        json.WriteStartArray("messages");
        if (conversation.System.Count > 0) WriteMessage(json, "system", OpenAiFields.SystemText(conversation));
        var turns = ToolIds.Legalise(conversation.Turns, "call_", OpenAiFields.LongestCallId);
        foreach (var turn in turns)
        {
            if (turn.IsAssistant) WriteAssistant(turn, conversation.ReturnsThoughts, json);
            else WriteUser(turn, json, issues);
        }

        json.WriteEndArray();
        Prefill.Refuse(turns, issues);
        WriteTools(conversation, json);
        json.WriteIfGiven(OpenAiModel.IsOpenAis(conversation.Model) ? "max_completion_tokens" : "max_tokens", conversation.MaxTokens);
        json.WriteTexts("stop", conversation.Stop);
        json.WriteIfGiven("temperature", conversation.Temperature);
        json.WriteIfGiven("top_p", conversation.TopP);
        json.WriteIfGiven("frequency_penalty", conversation.FrequencyPenalty);
        json.WriteIfGiven("presence_penalty", conversation.PresencePenalty);
        json.WriteIfGiven("seed", conversation.Seed);
        WriteOutput(conversation.Output, json);
        json.WriteIfGiven("reasoning_effort", conversation.Plan.Effort);
        json.WriteIfGiven("user", conversation.User);
        if (conversation.Stream)
        {
            json.WriteBoolean("stream", true);

            // Without it the stream would tell no usage, and nothing could be billed.
            json.WriteStartObject("stream_options");
            json.WriteBoolean("include_usage", true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", content);
        json.WriteEndObject();
    }

    private static void WriteAssistant(Turn turn, bool withThoughts, Utf8JsonWriter json)
    {
        var text = string.Concat(turn.Parts.OfType<TextPart>().Select(part => part.Text));
        var calls = turn.Parts.OfType<ToolCallPart>().ToList();
        if (text.Length == 0 && calls.Count == 0) return;
        json.WriteStartObject();
        json.WriteString("role", "assistant");
        if (text.Length > 0) json.WriteString("content", text);
        else json.WriteNull("content");
        if (calls.Count > 0)
        {
            // Where a client could not keep them, they are empty: that they are missing is what the provider refuses.
            if (withThoughts) json.WriteString("reasoning_content", string.Join("\n\n", turn.Parts.OfType<ThinkingPart>().Select(part => part.Text)));
            json.WriteStartArray("tool_calls");
            foreach (var call in calls)
            {
                OpenAiFields.StartCall(call, asFunction: false, json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>Writes a user's turn: tools' answers are messages of their own, before what the user says, and their pictures follow as the user's, since a
    /// tool's answer is text only.</summary>
    private static void WriteUser(Turn turn, Utf8JsonWriter json, Issues issues)
    {
        var rest = new List<Part>();
        foreach (var part in turn.Parts)
        {
            if (part is not ToolResultPart result) continue;
            json.WriteStartObject();
            json.WriteString("role", "tool");
            json.WriteString("tool_call_id", result.CallId);
            json.WriteString("content", result.Text);
            json.WriteEndObject();
            rest.AddRange(result.Content.Where(content => content is not TextPart));
        }

        rest.AddRange(turn.Parts.Where(part => part is not ToolResultPart));
        if (rest.Count == 0) return;
        if (rest is [TextPart only])
        {
            WriteMessage(json, "user", only.Text);
            return;
        }

        json.WriteStartObject();
        json.WriteString("role", "user");
        json.WriteStartArray("content");
        foreach (var part in rest) WritePart(part, json, issues);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePart(Part part, Utf8JsonWriter json, Issues issues)
    {
        switch (part)
        {
            case TextPart text:
                json.WriteStartObject();
                json.WriteString("type", "text");
                json.WriteString("text", text.Text);
                json.WriteEndObject();
                break;
            case ImagePart image:
                json.WriteStartObject();
                json.WriteString("type", "image_url");
                json.WriteStartObject("image_url");
                json.WriteString("url", image.Media.ToUrl());
                json.WriteIfGiven("detail", image.Detail);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case DocumentPart { Media.Url: not null } document:
                issues.Unsupported(document.Origin, "is a document by address, and the provider's format does not support addresses");
                break;
            case DocumentPart document when OpenAiFields.IsFile(document, issues):
                json.WriteStartObject();
                json.WriteString("type", "file");
                json.WriteStartObject("file");
                json.WriteString("filename", document.Name ?? "document.pdf");
                json.WriteString("file_data", document.Media.ToUrl());
                json.WriteEndObject();
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteTools(Conversation conversation, Utf8JsonWriter json)
    {
        if (conversation.Tools.Count == 0) return;
        json.WriteStartArray("tools");
        foreach (var tool in conversation.Tools)
        {
            json.WriteStartObject();
            json.WriteString("type", OpenAiTools.TypeOf(tool.Input is not null));
            json.WriteStartObject(OpenAiTools.TypeOf(tool.Input is not null));
            OpenAiTools.Write(tool, json, isFlat: false);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (conversation.ToolChoice.Kind == ToolChoiceKind.Named)
        {
            json.WriteStartObject("tool_choice");
            json.WriteString("type", OpenAiTools.TypeOfNamed(conversation));
            json.WriteStartObject(OpenAiTools.TypeOfNamed(conversation));
            json.WriteString("name", conversation.ToolChoice.Name);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        else json.WriteIfGiven("tool_choice", OpenAiTools.Word(conversation.ToolChoice));

        json.WriteIfGiven("parallel_tool_calls", conversation.ParallelTools);
    }

    private static void WriteOutput(OutputShape? output, Utf8JsonWriter json)
    {
        if (output is null) return;
        json.WriteStartObject("response_format");
        json.WriteString("type", output.HasSchema ? "json_schema" : "json_object");
        if (output.HasSchema)
        {
            json.WriteStartObject("json_schema");
            OpenAiFields.WriteSchema(output, json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
