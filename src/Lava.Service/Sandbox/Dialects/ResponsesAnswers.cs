using System.Text.Json;
using System.Text.Json.Nodes;
using Lava.Service.Sandbox.Strictness;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Responses in OpenAI's shape (platform.openai.com/docs/api-reference/responses): items of reasoning, text and calls.</summary>
internal static class ResponsesAnswers
{
    public static SandboxReply Reply(SandboxCall call)
    {
        if (!call.IsStream) return SandboxReply.Json(Response(call, Status(call), isFinal: true));
        var error = new JsonObject
        {
            ["type"] = "error",
            ["sequence_number"] = 0,
            ["code"] = "server_error",
            ["message"] = SandboxErrors.MidStream,
            ["param"] = null,
        };
        return SandboxReply.Events(Events(call), SandboxReply.Event(error, "error"));
    }

    private static IEnumerable<byte[]> Events(SandboxCall call)
    {
        var number = 0L;
        var output = 0;
        yield return Event("response.created", new JsonObject { ["response"] = Response(call, "in_progress", isFinal: false) });
        yield return Event("response.in_progress", new JsonObject { ["response"] = Response(call, "in_progress", isFinal: false) });
        if (call.ReasoningTokens > 0)
        {
            var summary = Summary(call);
            var at = new JsonObject { ["item_id"] = ReasoningId(call), ["output_index"] = output, ["summary_index"] = 0 };
            yield return Event("response.output_item.added", new JsonObject { ["output_index"] = output, ["item"] = Reasoning(call, null) });
            if (summary is not null)
            {
                yield return Event("response.reasoning_summary_part.added", With(at, "part", SummaryPart("")));
                for (var word = 0L; word < call.ReasoningTokens; word++)
                    yield return Event("response.reasoning_summary_text.delta", With(at, "delta", SandboxThoughts.Word(word)));
                yield return Event("response.reasoning_summary_text.done", With(at, "text", summary));
                yield return Event("response.reasoning_summary_part.done", With(at, "part", SummaryPart(summary)));
            }

            yield return Event("response.output_item.done", new JsonObject { ["output_index"] = output, ["item"] = Reasoning(call, summary) });
            output++;
        }

        if (call.HasText)
        {
            var id = MessageId(call);
            yield return Event("response.output_item.added", new JsonObject { ["output_index"] = output, ["item"] = Message(call, "in_progress", null) });
            yield return Event(
                "response.content_part.added",
                new JsonObject { ["item_id"] = id, ["output_index"] = output, ["content_index"] = 0, ["part"] = Part("") });
            var delta = Template("response.output_text.delta", $$"""
                "item_id":"{{id}}","output_index":{{output}},"content_index":0,"delta":"{{ChunkTemplate.Hole}}","logprobs":[]
                """);
            for (var word = 0L; word < call.WordCount; word++) yield return delta.Fill(SandboxJson.Number(number++), call.Words.Json(word));
            var text = call.AnswerText;
            yield return Event("response.output_text.done", new JsonObject
            {
                ["item_id"] = id, ["output_index"] = output, ["content_index"] = 0, ["text"] = text, ["logprobs"] = new JsonArray(),
            });
            yield return Event(
                "response.content_part.done",
                new JsonObject { ["item_id"] = id, ["output_index"] = output, ["content_index"] = 0, ["part"] = Part(text) });
            yield return Event("response.output_item.done", new JsonObject { ["output_index"] = output, ["item"] = Message(call, Status(call), text) });
            output++;
        }

        foreach (var made in call.Calls)
        {
            var id = ToolCallId(call, made);
            var (kind, member) = made.IsCustom ? ("response.custom_tool_call_input", "input") : ("response.function_call_arguments", "arguments");
            yield return Event("response.output_item.added", new JsonObject { ["output_index"] = output, ["item"] = ToolCall(call, made, "in_progress", "") });
            var delta = Template(kind + ".delta", $$"""
                "item_id":"{{id}}","output_index":{{output}},"delta":"{{ChunkTemplate.Hole}}"
                """);
            foreach (var piece in made.Pieces()) yield return delta.Fill(SandboxJson.Number(number++), SandboxJson.Inner(piece));
            var done = new JsonObject { ["item_id"] = id, ["output_index"] = output, [member] = made.Input };
            if (!made.IsCustom) done["name"] = made.Name;
            yield return Event(kind + ".done", done);
            yield return Event(
                "response.output_item.done",
                new JsonObject { ["output_index"] = output, ["item"] = ToolCall(call, made, "completed", made.Input) });
            output++;
        }

        yield return Event(
            call.IsCut ? "response.incomplete" : "response.completed",
            new JsonObject { ["response"] = Response(call, Status(call), isFinal: true) });

        byte[] Event(string type, JsonObject data)
        {
            data.Insert(0, "type", type);
            data.Insert(1, "sequence_number", number++);
            return SandboxReply.Event(data, type);
        }

        static JsonObject With(JsonObject members, string name, JsonNode value)
        {
            var copy = (JsonObject)members.DeepClone();
            copy[name] = value;
            return copy;
        }
    }

    private static ChunkTemplate Template(string type, string members) =>
        new(SandboxReply.EventText($$"""{"type":"{{type}}","sequence_number":{{ChunkTemplate.Hole}},{{members}}}""", type));

    private static string Status(SandboxCall call) => call.IsCut ? "incomplete" : "completed";

    private static string MessageId(SandboxCall call) => call.Id("msg_", 48);

    private static string ReasoningId(SandboxCall call) => call.Id("rs_", 48);

    private static string ToolCallId(SandboxCall call, SandboxToolCall made) => call.Id(made.IsCustom ? "ctc_" : "fc_", 48, made.Index);

    private static JsonObject Part(string text) =>
        new() { ["type"] = "output_text", ["annotations"] = new JsonArray(), ["logprobs"] = new JsonArray(), ["text"] = text };

    /// <summary>What is shown of the reasoning; null where the request does not ask for that.</summary>
    private static string? Summary(SandboxCall call) =>
        call.Json.At("reasoning").At("summary").Word() is null or "none" ? null : SandboxThoughts.First(call.ReasoningTokens);

    private static JsonObject SummaryPart(string text) => new() { ["type"] = "summary_text", ["text"] = text };

    private static JsonObject Reasoning(SandboxCall call, string? summary)
    {
        var shown = summary is null ? [] : new JsonArray(SummaryPart(summary));
        var item = new JsonObject { ["id"] = ReasoningId(call), ["type"] = "reasoning", ["summary"] = shown };
        if (SandboxThoughts.WantsEncrypted(call.Json)) item["encrypted_content"] = SandboxThoughts.Sign(ReasoningId(call));
        return item;
    }

    private static JsonObject ToolCall(SandboxCall call, SandboxToolCall made, string status, string input)
    {
        var item = new JsonObject
        {
            ["id"] = ToolCallId(call, made),
            ["type"] = made.IsCustom ? "custom_tool_call" : "function_call",
            ["status"] = status,
            [made.IsCustom ? "input" : "arguments"] = input,
            ["call_id"] = call.Id("call_", 24, made.Index),
            ["name"] = made.Name,
        };
        if (made.Tool.Space is { } space) item["namespace"] = space;
        return item;
    }

    private static JsonObject Message(SandboxCall call, string status, string? text) => new()
    {
        ["id"] = MessageId(call),
        ["type"] = "message",
        ["status"] = status,
        ["content"] = text is null ? new JsonArray() : new JsonArray(Part(text)),
        ["role"] = "assistant",
    };

    private static JsonObject Response(SandboxCall call, string status, bool isFinal)
    {
        var output = new JsonArray();
        if (isFinal)
        {
            if (call.ReasoningTokens > 0) output.Add((JsonNode)Reasoning(call, Summary(call)));
            if (call.HasText) output.Add((JsonNode)Message(call, status, call.AnswerText));
            foreach (var made in call.Calls) output.Add((JsonNode)ToolCall(call, made, "completed", made.Input));
        }

        return new JsonObject
        {
            ["id"] = call.Id("resp_", 48),
            ["object"] = "response",
            ["created_at"] = call.Created,
            ["status"] = status,
            ["background"] = false,
            ["error"] = null,
            ["incomplete_details"] = isFinal && call.IsCut ? new JsonObject { ["reason"] = "max_output_tokens" } : null,
            ["instructions"] = Copy(call, "instructions"),
            ["max_output_tokens"] = Copy(call, "max_output_tokens"),
            ["max_tool_calls"] = null,
            ["model"] = call.Model,
            ["output"] = output,
            ["parallel_tool_calls"] = true,
            ["previous_response_id"] = Copy(call, "previous_response_id"),
            ["reasoning"] = new JsonObject { ["effort"] = null, ["summary"] = null },
            ["service_tier"] = "default",
            ["store"] = true,
            ["temperature"] = Copy(call, "temperature") ?? 1,
            ["text"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "text" }, ["verbosity"] = "medium" },
            ["tool_choice"] = Copy(call, "tool_choice") ?? "auto",
            ["tools"] = Copy(call, "tools") ?? new JsonArray(),
            ["top_logprobs"] = 0,
            ["top_p"] = Copy(call, "top_p") ?? 1,
            ["truncation"] = "disabled",
            ["usage"] = isFinal && call.HasUsage ? Usage(call) : null,
            ["user"] = null,
            ["metadata"] = Copy(call, "metadata") ?? new JsonObject(),
        };
    }

    /// <summary>What the request says, said again as OpenAI does.</summary>
    private static JsonNode? Copy(SandboxCall call, string name) =>
        call.Json.ValueKind == JsonValueKind.Object && call.Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? JsonNode.Parse(value.GetRawText())
            : null;

    private static JsonObject Usage(SandboxCall call)
    {
        var details = new JsonObject { ["cached_tokens"] = call.CachedTokens };
        if (call.CacheWriteTokens > 0) details["cache_write_tokens"] = call.CacheWriteTokens;
        return new JsonObject
        {
            ["input_tokens"] = call.InputTokens,
            ["input_tokens_details"] = details,
            ["output_tokens"] = call.OutputTokens,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = call.ReasoningTokens },
            ["total_tokens"] = call.InputTokens + call.OutputTokens,
        };
    }
}
