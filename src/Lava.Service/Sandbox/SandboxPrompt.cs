using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Service.Sandbox.Dialects;
using Lava.Service.Sandbox.Strictness;

namespace Lava.Service.Sandbox;

/// <summary>What a request's prompt holds, and its tokens by the sandbox's count (docs/sandbox.md): a conversation is 3, and 4 for each message with a token
/// for each four characters of its text, begun ones whole; an image, document or clip is 85; tools, tool calls and results are a token for each four bytes of
/// their JSON.</summary>
internal sealed class SandboxPrompt
{
    private const int TokensOfConversation = 3;
    private const int TokensOfMessage = 4;
    private const int TokensOfMedia = 85;

    private static readonly string[] MediaMembers = ["inlineData", "inline_data", "fileData", "file_data", "image", "document", "video", "audio"];
    private static readonly string[] ToolCallMembers = ["functionCall", "function_call", "toolUse"];
    private static readonly string[] ToolResultMembers = ["functionResponse", "toolResult"];

    /// <summary>Whether the model said its last words without a call.</summary>
    private bool _hasEnded;

    /// <summary>The prompt's tokens.</summary>
    public long Tokens { get; private set; }

    /// <summary>The text of the last message of a user that has any, or the text to be spoken, embedded or drawn.</summary>
    public string LastUserText { get; private set; } = "";

    /// <summary>How many texts are to be continued.</summary>
    public long Prompts { get; private set; } = 1;

    /// <summary>Documents to be put in order, those that are long counted once for each 500 tokens with the query.</summary>
    public long Pieces { get; private set; }

    /// <summary>Whether the conversation ends with what a tool answered.</summary>
    public bool EndsWithToolResult { get; private set; }

    /// <summary>The text of the last message of a user that holds a <see cref="SandboxScript"/>; null where none does, or the model has come to an end since
    /// and the user said something else.</summary>
    public string? ScriptText { get; private set; }

    /// <summary>The tool calls in the conversation after <see cref="ScriptText"/>.</summary>
    public int CallsSinceScript { get; private set; }

    /// <summary>All tool calls in the conversation.</summary>
    public int Calls { get; private set; }

    /// <summary>What tools answered.</summary>
    public int Results { get; private set; }

    /// <summary>Images, documents and clips, those among what tools answered included.</summary>
    public int Media { get; private set; }

    /// <summary>Earlier reasoning that the request gives back.</summary>
    public int Thoughts { get; private set; }

    /// <summary>A prompt that is one text.</summary>
    public static SandboxPrompt OfText(string text) => new() { Tokens = TextTokens(text), LastUserText = text };

    /// <summary>Reads the prompt of a JSON body.</summary>
    public static SandboxPrompt Read(WireFormat format, EndpointKind kind, JsonElement json)
    {
        var prompt = new SandboxPrompt();
        if (json.ValueKind != JsonValueKind.Object) return prompt;
        if (kind == EndpointKind.Embeddings) prompt.AddEmbedded(json);
        else if (kind == EndpointKind.Completion) prompt.AddContinued(json);
        else if (kind == EndpointKind.Moderation) prompt.AddJudged(json);
        else if (kind == EndpointKind.Rerank) prompt.AddRanked(json);
        else if (kind is EndpointKind.Speech or EndpointKind.Images) return OfText(Text(json, "input") ?? Text(json, "text") ?? Text(json, "prompt") ?? "");
        else prompt.AddConversation(format, json);
        return prompt;
    }

    private void AddConversation(WireFormat format, JsonElement json)
    {
        if (json.TryGetProperty("generateContentRequest", out var inner) && inner.ValueKind == JsonValueKind.Object) json = inner;
        Tokens = TokensOfConversation;
        foreach (var name in new[] { "system", "instructions", "systemInstruction", "system_instruction" })
        {
            if (json.TryGetProperty(name, out var system) && system.ValueKind is not JsonValueKind.Null) AddMessage(system, "system");
        }

        var messages = format switch { WireFormat.OpenAiResponses => "input", WireFormat.Gemini => "contents", _ => "messages" };
        if (json.TryGetProperty(messages, out var list))
        {
            if (list.ValueKind == JsonValueKind.Array)
            {
                foreach (var message in list.EnumerateArray()) AddMessage(message, null);
            }
            else if (list.ValueKind is JsonValueKind.String or JsonValueKind.Object) AddMessage(list, "user");
        }

        if (json.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array) Tokens += JsonTokens(tools);
        if (json.TryGetProperty("toolConfig", out var config) && config.ValueKind == JsonValueKind.Object && config.TryGetProperty("tools", out var bedrock))
            Tokens += JsonTokens(bedrock);
    }

    private void AddMessage(JsonElement message, string? role)
    {
        var content = message;
        var isToolResult = false;
        var callsBefore = CallsSinceScript;
        if (message.ValueKind == JsonValueKind.Object)
        {
            role ??= Text(message, "role") ?? "user";
            isToolResult = role is "tool" or "function" || Text(message, "type") is "function_call_output" or "custom_tool_call_output";
            if (isToolResult) Results++;
            if (Text(message, "reasoning_content") is { Length: > 0 }) Thoughts++;
            if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
            {
                Tokens += JsonTokens(calls);
                AddCalls(calls.GetArrayLength());
            }

            var isMessage = message.TryGetProperty("content", out content) && content.ValueKind != JsonValueKind.Null;
            if (!isMessage && !message.TryGetProperty("parts", out content))
            {
                // An item of the Responses API that is no message, or one part alone.
                content = message;
                if (message.TryGetProperty("type", out _)) role = "item";
            }
        }

        var text = "";
        if (content.ValueKind == JsonValueKind.String) text = content.GetString()!;
        else if (content.ValueKind == JsonValueKind.Array)
        {
            var parts = new StringBuilder();
            foreach (var part in content.EnumerateArray()) isToolResult |= AddPart(part, parts);
            text = parts.ToString();
        }
        else if (content.ValueKind == JsonValueKind.Object)
        {
            var parts = new StringBuilder();
            isToolResult |= AddPart(content, parts);
            text = parts.ToString();
        }

        Tokens += TokensOfMessage + TextTokens(text);
        EndsWithToolResult = isToolResult;
        if (role is "assistant" or "model" && text.Length > 0) _hasEnded = CallsSinceScript == callsBefore;
        else if (CallsSinceScript > callsBefore || isToolResult) _hasEnded = false;
        if (role != "user" || text.Length == 0) return;
        LastUserText = text;
        if (text.Contains(SandboxScript.Marker, StringComparison.Ordinal)) (ScriptText, CallsSinceScript) = (text, 0);
        else if (_hasEnded) ScriptText = null;
    }

    /// <summary>Counts a part; true where it is what a tool answered.</summary>
    private bool AddPart(JsonElement part, StringBuilder text)
    {
        if (part.ValueKind == JsonValueKind.String) text.Append(part.GetString());
        if (part.ValueKind != JsonValueKind.Object) return false;
        if (Text(part, "text") is { } own)
        {
            // Gemini's thoughts are texts that say so.
            if (part.TryGetProperty("thought", out var thought) && thought.ValueKind == JsonValueKind.True) Thoughts++;
            text.Append(own);
            return false;
        }

        var type = Text(part, "type");
        if (IsMedia(part, type))
        {
            Media++;
            Tokens += TokensOfMedia;
            return false;
        }

        Tokens += JsonTokens(part);
        if (type is "tool_use" or "function_call" or "custom_tool_call" || Has(part, ToolCallMembers)) AddCalls(1);
        if (type is "thinking" or "redacted_thinking" or "reasoning" || part.TryGetProperty("reasoningContent", out _)) Thoughts++;
        var isItem = type is "function_call_output" or "custom_tool_call_output";
        var isResult = type == "tool_result" || Has(part, ToolResultMembers);
        if (isItem || isResult) AddMediaWithin(part);
        if (isResult) Results++;
        return isResult;
    }

    private static bool IsMedia(JsonElement part, string? type) =>
        type is "image_url" or "input_image" or "input_audio" or "input_file" or "file" or "image" or "document" || Has(part, MediaMembers);

    private static bool Has(JsonElement part, string[] names) => names.Any(name => part.TryGetProperty(name, out _));

    private void AddCalls(int count)
    {
        Calls += count;
        CallsSinceScript += count;
    }

    private void AddMediaWithin(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object && IsMedia(json, Text(json, "type"))) Media++;
        else if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in json.EnumerateObject()) AddMediaWithin(member.Value);
        }
        else if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in json.EnumerateArray()) AddMediaWithin(element);
        }
    }

    private void AddEmbedded(JsonElement json)
    {
        if (json.TryGetProperty("input", out var input)) AddInput(input);
        if (json.TryGetProperty("content", out var content)) AddGemini(content);
        if (!json.TryGetProperty("requests", out var requests) || requests.ValueKind != JsonValueKind.Array) return;
        foreach (var request in requests.EnumerateArray())
        {
            if (request.ValueKind == JsonValueKind.Object && request.TryGetProperty("content", out var one)) AddGemini(one);
        }
    }

    private void AddContinued(JsonElement json)
    {
        var prompt = json.At("prompt");
        var isTokens = prompt.IsList() && prompt.List().Exists(part => part.ValueKind == JsonValueKind.Number);
        Prompts = isTokens || !prompt.IsList() ? 1 : Math.Max(1, prompt.List().Count);
        AddInput(prompt);
    }

    private void AddJudged(JsonElement json)
    {
        var input = json.At("input");
        if (!input.List().Exists(part => part.IsObject()))
        {
            AddInput(input);
            return;
        }

        var text = new StringBuilder();
        foreach (var part in input.List()) AddPart(part, text);
        AddText(text.ToString());
    }

    private void AddRanked(JsonElement json)
    {
        var query = Text(json, "query") ?? "";
        foreach (var document in json.At("documents").List())
        {
            var tokens = TextTokens(query) + TextTokens(RerankAnswers.Text(document));
            Tokens += tokens;
            Pieces += Math.Max(1, (tokens + 499) / 500);
        }

        LastUserText = query;
    }

    private void AddInput(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String) AddText(input.GetString()!);
        else if (input.ValueKind == JsonValueKind.Number) Tokens++;
        else if (input.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in input.EnumerateArray()) AddInput(entry);
        }
    }

    private void AddGemini(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Object || !content.TryGetProperty("parts", out var parts) || parts.ValueKind != JsonValueKind.Array) return;
        var text = new StringBuilder();
        foreach (var part in parts.EnumerateArray()) AddPart(part, text);
        AddText(text.ToString());
    }

    private void AddText(string text)
    {
        Tokens += TextTokens(text);
        LastUserText = text;
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A token for each four Unicode characters.</summary>
    private static long TextTokens(string text)
    {
        long characters = text.Length;
        foreach (var c in text)
        {
            if (char.IsLowSurrogate(c)) characters--;
        }

        return (characters + 3) / 4;
    }

    private static long JsonTokens(JsonElement element) => (JsonMarshal.GetRawUtf8Value(element).Length + 3) / 4;
}
