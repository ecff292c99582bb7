using System.Buffers;
using System.Text.Json;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Responses;

/// <summary>Requests for a response may refer to what an earlier response was about: with <c>previous_response_id</c> to the whole conversation, with an
/// <c>item_reference</c> to one item of its output. For responses that were translated nobody but Lava can keep that. What is kept of a response is a JSON
/// object: its <c>input</c>, a list of items (null if it was too long), and the <c>response</c>.</summary>
public static class ResponsesReferences
{
    /// <summary>What the ids of kept answers begin with, after the prefix that names their kind.</summary>
    public const string Mark = "lava";

    /// <summary>Whether a body can refer to anything that is kept. It costs no reading of the body.</summary>
    /// <param name="body">A request, JSON in UTF-8.</param>
    public static bool AreIn(ReadOnlySpan<byte> body) => body.IndexOf("_lava"u8) >= 0;

    /// <summary>The id of the kept answer that a response or an item belongs to, without prefix: <c>lava01J…</c> for <c>resp_lava01J…</c> and
    /// <c>msg_lava01J…_2</c>; null for ids that Lava has not given.</summary>
    /// <param name="id">The id.</param>
    public static string? AnswerOf(string? id)
    {
        if (id is null || id.IndexOf('_', StringComparison.Ordinal) is var start && start < 0) return null;
        var rest = id[(start + 1)..];
        if (!rest.StartsWith(Mark, StringComparison.Ordinal)) return null;
        var end = rest.IndexOf('_', StringComparison.Ordinal);
        return end < 0 ? rest : rest[..end];
    }

    /// <summary>The references of a request, in order.</summary>
    /// <param name="body">The request.</param>
    public static IEnumerable<ResponsesReference> Find(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) yield break;
        if (body.Text("previous_response_id") is { } previous && AnswerOf(previous) is { } conversation)
            yield return new ResponsesReference(conversation, previous, "previous_response_id");
        var index = 0;
        foreach (var item in body.Items("input"))
        {
            var field = $"input.{index++}.id";
            if (!IsReference(item) || item.Text("id") is not { } id || IsReasoning(id)) continue;
            if (AnswerOf(id) is { } answer) yield return new ResponsesReference(answer, id, field);
        }
    }

    /// <summary>Writes a request anew, with what it refers to in the place of the references. Reasoning is left out: no other model takes it.</summary>
    /// <param name="body">The request.</param>
    /// <param name="kept">What is kept of the answers that it refers to, by their ids.</param>
    /// <param name="output">Receives the request.</param>
    /// <param name="missing">A reference to what is not kept, if the result is false.</param>
    public static bool TryExpand(JsonElement body, IReadOnlyDictionary<string, JsonElement> kept, IBufferWriter<byte> output, out ResponsesReference missing)
    {
        foreach (var reference in Find(body))
        {
            missing = reference;
            if (!kept.TryGetValue(reference.Answer, out var answer)) return false;
            if (reference.IsConversation ? answer.Member("input").ValueKind != JsonValueKind.Array : ItemOf(answer, reference.Id) is null) return false;
        }

        missing = default;
        var previous = AnswerOf(body.Text("previous_response_id"));
        using var json = JsonOutput.Open(output);
        json.WriteStartObject();
        foreach (var member in body.EnumerateObject())
        {
            if (!member.NameEquals("input"u8) && (previous is null || !member.NameEquals("previous_response_id"u8))) member.WriteTo(json);
        }

        json.WriteStartArray("input");
        if (previous is not null)
        {
            foreach (var item in kept[previous].Items("input")) item.WriteTo(json);
            foreach (var item in kept[previous].Member("response").Items("output")) WriteOutput(json, item);
        }

        WriteInput(json, body.Member("input"), kept);
        json.WriteEndArray();
        json.WriteEndObject();
        return true;
    }

    /// <summary>Writes what is to be kept of a response.</summary>
    /// <param name="request">The client's request, references replaced.</param>
    /// <param name="response">The response, whole.</param>
    /// <param name="withInput">Whether the request's input is kept too.</param>
    /// <param name="output">Receives a JSON object.</param>
    public static void WriteKept(JsonElement request, JsonElement response, bool withInput, IBufferWriter<byte> output)
    {
        using var json = JsonOutput.Open(output);
        json.WriteStartObject();
        json.WritePropertyName("response");
        response.WriteTo(json);
        if (withInput)
        {
            json.WriteStartArray("input");
            WriteInput(json, request.Member("input"), null);
            json.WriteEndArray();
        }
        else json.WriteNull("input");
        json.WriteEndObject();
    }

    /// <summary>The response that a translated answer ends with: the answer itself, or the one in the last event of its stream; null where there is
    /// none.</summary>
    /// <param name="ending">The answer, or the end of its stream.</param>
    public static JsonDocument? ResponseIn(ReadOnlyMemory<byte> ending)
    {
        const string Data = "data: ";
        if (ending.Span.StartsWith("{"u8)) return JsonDocument.Parse(ending);

        // A line break within a string is escaped, so that a line that begins so is an event's data.
        var start = ending.Span.LastIndexOf("\ndata: {"u8) + 1;
        if (!ending.Span[start..].StartsWith("data: {"u8)) return null;
        var data = ending[(start + Data.Length)..];
        var end = data.Span.IndexOf((byte)'\n');
        using var last = JsonDocument.Parse(end < 0 ? data : data[..end]);
        return last.RootElement.Member("response") is { ValueKind: JsonValueKind.Object } response ? JsonDocument.Parse(response.GetRawText()) : null;
    }

    private static bool IsReference(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object
        && (item.Text("type") == "item_reference"
            || (item.Member("type").ValueKind == JsonValueKind.Undefined && item.Member("role").ValueKind == JsonValueKind.Undefined));

    private static bool IsReasoning(string id) => id.StartsWith("rs_", StringComparison.Ordinal);

    private static JsonElement? ItemOf(JsonElement answer, string id)
    {
        foreach (var item in answer.Member("response").Items("output"))
        {
            if (item.Text("id") == id) return item;
        }

        return null;
    }

    private static void WriteInput(Utf8JsonWriter json, JsonElement input, IReadOnlyDictionary<string, JsonElement>? kept)
    {
        if (input.ValueKind == JsonValueKind.String)
        {
            json.WriteStartObject();
            json.WriteString("role", "user");
            json.WritePropertyName("content");
            input.WriteTo(json);
            json.WriteEndObject();
            return;
        }

        if (input.ValueKind != JsonValueKind.Array) return;
        foreach (var item in input.EnumerateArray())
        {
            if (kept is null || !IsReference(item) || item.Text("id") is not { } id || AnswerOf(id) is not { } answer) item.WriteTo(json);
            else if (!IsReasoning(id)) WriteOutput(json, ItemOf(kept[answer], id)!.Value);
        }
    }

    /// <summary>Writes an item of an earlier output as input. Its id means nothing to a provider.</summary>
    private static void WriteOutput(Utf8JsonWriter json, JsonElement item)
    {
        if (item.Text("type") == "reasoning") return;
        json.WriteStartObject();
        foreach (var member in item.EnumerateObject())
        {
            if (!member.NameEquals("id"u8)) member.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
