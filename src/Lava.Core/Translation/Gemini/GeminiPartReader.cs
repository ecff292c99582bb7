using System.Text.Json;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Gemini;

/// <summary>Reads the parts of a conversation in order. Calls have no ids with Google, or need none: each gets one by its place, and an answer belongs to the
/// first call of its name that has none yet.</summary>
internal sealed class GeminiPartReader
{
    private readonly Dictionary<string, Queue<string>> _idsByName = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unanswered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _answers = new(StringComparer.Ordinal);
    private int _calls;

    public Part? Read(JsonView part)
    {
        if (!part.IsGivenObject()) return null;
        if (part["text"].Exists)
        {
            var text = part["text"].RequiredText();
            if (part["thought"].IsTrue) return new ThinkingPart(text, part["thoughtSignature", "thought_signature"].Text());
            return text.Length > 0 ? new TextPart(text) : null;
        }

        if (part["inlineData", "inline_data"] is { Exists: true } data)
            return ReadMedia(data, new Media(data["mimeType", "mime_type"].RequiredText(), data["data"].RequiredText(), null));
        if (part["fileData", "file_data"] is { Exists: true } file)
            return ReadFile(file);
        if (part["functionCall", "function_call"] is { Exists: true } call) return ReadCall(call, part["thoughtSignature", "thought_signature"].Text());
        if (part["functionResponse", "function_response"] is { Exists: true } response) return ReadResponse(response);
        foreach (var member in part.Members())
        {
            if (member.Name is not ("thought" or "thoughtSignature" or "thought_signature" or "text"))
                member.RefuseIfGiven("is a kind of content that is not translated");
        }

        return null;
    }

    private static Part? ReadFile(JsonView file)
    {
        var uri = file["fileUri", "file_uri"];
        var address = uri.RequiredText();
        if (!address.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || address.Contains("generativelanguage.googleapis.com", StringComparison.OrdinalIgnoreCase))
        {
            uri.Refuse("names a file that is stored at Google, so other providers cannot read it");
            return null;
        }

        return ReadMedia(file, new Media(file["mimeType", "mime_type"].Text(), null, address));
    }

    private static Part? ReadMedia(JsonView data, Media media)
    {
        var type = media.Type ?? "image/";
        if (type.StartsWith("image/", StringComparison.Ordinal)) return new ImagePart(media) { Origin = data.Path };
        if (type == "application/pdf" || type.StartsWith("text/", StringComparison.Ordinal)) return new DocumentPart(media, null) { Origin = data.Path };
        data["mimeType", "mime_type"].Refuse($"is {type}, and only pictures, PDF and text are translated");
        return null;
    }

    private ToolCallPart ReadCall(JsonView call, string? signature)
    {
        var name = call["name"].RequiredText();
        call["args"].IsOptionalObject();
        var id = call["id"].Text() is { Length: > 0 } given ? given : $"call_{_calls + 1}";
        _calls++;
        _unanswered.Add(id);
        if (!_idsByName.TryGetValue(name, out var ids)) _idsByName.Add(name, ids = new Queue<string>());
        ids.Enqueue(id);
        return new ToolCallPart(id, name, call["args"].IsObject ? JsonText.Compact(call["args"].Value) : "{}") { Origin = call.Path, Signature = signature };
    }

    private ToolResultPart? ReadResponse(JsonView response)
    {
        var name = response["name"].RequiredText();
        var id = response["id"].Text() is { Length: > 0 } given ? given : NextOf(name);

        // Gemini CLI says the answers of a conversation that it resumes twice. What is said again is nothing new.
        if (id is not null && _answers.TryGetValue(id, out var before) && JsonElement.DeepEquals(before, response.Value)) return null;
        if (id is null || !_unanswered.Remove(id)) response["name"].Malformed("does not answer an earlier call");
        else _answers[id] = response.Value;
        var (text, isError) = ReadAnswer(response["response"]);
        List<Part> content = text.Length > 0 ? [new TextPart(text)] : [];

        // Pictures and documents that belong to the answer (ai.google.dev/gemini-api/docs/function-calling#multimodal).
        foreach (var part in response["parts"].Items())
        {
            if (part["inlineData", "inline_data"].Exists || part["fileData", "file_data"].Exists)
            {
                if (Read(part) is { } media) content.Add(media);
            }
            else part.RefuseIfGiven("is a kind of content that is not translated");
        }

        return new ToolResultPart(id ?? "", content, isError) { Origin = response.Path };
    }

    /// <summary>The first call of a tool that has no answer; null where all have.</summary>
    private string? NextOf(string name)
    {
        if (!_idsByName.TryGetValue(name, out var ids)) return null;
        while (ids.TryDequeue(out var id))
        {
            if (_unanswered.Contains(id)) return id;
        }

        return null;
    }

    /// <summary>The text of a tool's answer: of an object with nothing but a result or an error, that; else the object as it is.</summary>
    private static (string Text, bool IsError) ReadAnswer(JsonView response)
    {
        if (!response.IsOptionalObject()) return ("", false);
        var members = response.Value.EnumerateObject();
        if (members.MoveNext())
        {
            var only = members.Current;
            if (!members.MoveNext() && only.Name is "result" or "output" or "error" && response[only.Name].IsString)
                return (response[only.Name].RequiredText(), only.Name == "error");
        }

        return (JsonText.Compact(response.Value), false);
    }
}
