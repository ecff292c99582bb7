using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Core.Tests.Translation;

/// <summary>What a client would see of an answer, read here by hand so that the readers under test do not judge themselves: text, calls, the reason, tokens in, cached and out.</summary>
public static class Seen
{
    public static string Of(WireFormat format, JsonElement body)
    {
        switch (format)
        {
            case WireFormat.OpenAiChat:
                var choice = body.GetProperty("choices")[0];
                var message = choice.GetProperty("message");
                var calls = message.TryGetProperty("tool_calls", out var list) ? string.Concat(list.EnumerateArray().Select(call => call.GetProperty("function")).Select(function => Call(function.GetProperty("name"), function.GetProperty("arguments")))) : "";
                return Line(message.GetProperty("content").GetString(), calls, choice.GetProperty("finish_reason").GetString(), ChatTokens(body.GetProperty("usage")));
            case WireFormat.OpenAiResponses:
                var output = body.GetProperty("output").EnumerateArray().ToList();
                return Line(
                    string.Concat(output.Where(item => Type(item) == "message").Select(item => item.GetProperty("content")[0].GetProperty("text").GetString())),
                    string.Concat(output.Where(item => Type(item) == "function_call").Select(item => Call(item.GetProperty("name"), item.GetProperty("arguments")))),
                    body.GetProperty("status").GetString(),
                    ResponsesTokens(body.GetProperty("usage")));
            case WireFormat.Anthropic:
                var blocks = body.GetProperty("content").EnumerateArray().ToList();
                return Line(
                    string.Concat(blocks.Where(block => Type(block) == "text").Select(block => block.GetProperty("text").GetString())),
                    string.Concat(blocks.Where(block => Type(block) == "tool_use").Select(block => Call(block.GetProperty("name"), block.GetProperty("input")))),
                    body.GetProperty("stop_reason").GetString(),
                    AnthropicTokens(body.GetProperty("usage")));
            case WireFormat.Gemini:
                return Gemini([body]);
            default:
                var content = body.GetProperty("output").GetProperty("message").GetProperty("content").EnumerateArray().ToList();
                return Line(
                    string.Concat(content.Where(block => block.TryGetProperty("text", out _)).Select(block => block.GetProperty("text").GetString())),
                    string.Concat(content.Where(block => block.TryGetProperty("toolUse", out _)).Select(block => block.GetProperty("toolUse")).Select(call => Call(call.GetProperty("name"), call.GetProperty("input")))),
                    body.GetProperty("stopReason").GetString(),
                    BedrockTokens(body.GetProperty("usage")));
        }
    }

    public static string OfStream(WireFormat format, byte[] bytes)
    {
        if (format == WireFormat.BedrockConverse) return BedrockStream(Frames(bytes));
        var events = Data(bytes);
        return format switch
        {
            WireFormat.OpenAiChat => ChatStream(events),
            WireFormat.OpenAiResponses => Of(format, JsonElement.Parse(events[^1]).GetProperty("response")),
            WireFormat.Anthropic => AnthropicStream([.. events.Select(data => JsonElement.Parse(data))]),
            _ => Gemini([.. events.Select(data => JsonElement.Parse(data))]),
        };
    }

    /// <summary>The data of a stream's events.</summary>
    public static List<string> Data(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes).ReplaceLineEndings("\n");
        text.ShouldEndWith("\n\n");
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).SelectMany(item => item.Split('\n')).Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..])];
    }

    /// <summary>The names of a stream's events.</summary>
    public static List<string> Names(byte[] bytes) =>
        [.. Encoding.UTF8.GetString(bytes).Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line[7..])];

    public static List<(string Type, JsonElement Payload)> Frames(ReadOnlySpan<byte> bytes)
    {
        var frames = new List<(string, JsonElement)>();
        while (!bytes.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
            var headers = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]);
            Crc(bytes[..8]).ShouldBe(BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));
            Crc(bytes[..(length - 4)]).ShouldBe(BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - 4)..]));
            var name = bytes[12];
            var type = BinaryPrimitives.ReadUInt16BigEndian(bytes[(12 + 1 + name + 1)..]);
            frames.Add((Encoding.ASCII.GetString(bytes.Slice(12 + 1 + name + 3, type)), JsonElement.Parse(bytes[(12 + headers)..(length - 4)])));
            bytes = bytes[length..];
        }

        return frames;
    }

    // Bit by bit, as IEEE 802.3 defines it.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }

    private static string ChatStream(List<string> events)
    {
        events[^1].ShouldBe("[DONE]");
        var chunks = events[..^1].Select(data => JsonElement.Parse(data)).ToList();
        chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString().ShouldBe("assistant");
        var usage = chunks[^1].GetProperty("usage");
        chunks[^1].GetProperty("choices").GetArrayLength().ShouldBe(0);
        var choices = chunks[..^1].Select(chunk => chunk.GetProperty("choices")[0]).ToList();
        var deltas = choices.Select(choice => choice.GetProperty("delta")).ToList();
        var calls = new SortedDictionary<int, string>();
        foreach (var call in deltas.Where(delta => delta.TryGetProperty("tool_calls", out _)).SelectMany(delta => delta.GetProperty("tool_calls").EnumerateArray()))
        {
            var index = call.GetProperty("index").GetInt32();
            var function = call.GetProperty("function");
            if (!calls.TryGetValue(index, out var before)) before = call.GetProperty("id").GetString()!.Length > 0 ? function.GetProperty("name").GetString() : "no id ";
            calls[index] = before + function.GetProperty("arguments").GetString();
        }

        return Line(
            string.Concat(deltas.Select(delta => delta.TryGetProperty("content", out var content) ? content.GetString() : "")),
            string.Concat(calls.Values),
            choices[^1].GetProperty("finish_reason").GetString(),
            ChatTokens(usage));
    }

    private static string AnthropicStream(List<JsonElement> events)
    {
        Type(events[0]).ShouldBe("message_start");
        Type(events[^1]).ShouldBe("message_stop");
        string text = "", calls = "";
        foreach (var item in events)
        {
            if (Type(item) == "content_block_start" && Type(item.GetProperty("content_block")) == "tool_use") calls += item.GetProperty("content_block").GetProperty("name").GetString();
            if (Type(item) != "content_block_delta") continue;
            var delta = item.GetProperty("delta");
            if (Type(delta) == "text_delta") text += delta.GetProperty("text").GetString();
            if (Type(delta) == "input_json_delta") calls += delta.GetProperty("partial_json").GetString();
        }

        var last = events[^2];
        return Line(text, calls, last.GetProperty("delta").GetProperty("stop_reason").GetString(), AnthropicTokens(last.GetProperty("usage")));
    }

    private static string Gemini(List<JsonElement> chunks)
    {
        string text = "", calls = "";
        foreach (var part in chunks.SelectMany(chunk => chunk.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").EnumerateArray()))
        {
            if (part.TryGetProperty("text", out var piece) && !part.TryGetProperty("thought", out _)) text += piece.GetString();
            if (part.TryGetProperty("functionCall", out var call)) calls += Call(call.GetProperty("name"), call.GetProperty("args"));
        }

        var usage = chunks[^1].GetProperty("usageMetadata");
        return Line(text, calls, chunks[^1].GetProperty("candidates")[0].GetProperty("finishReason").GetString(),
            $"{Count(usage, "promptTokenCount")}/{Count(usage, "cachedContentTokenCount")}/{Count(usage, "candidatesTokenCount") + Count(usage, "thoughtsTokenCount")}");
    }

    private static string BedrockStream(List<(string Type, JsonElement Payload)> frames)
    {
        frames[0].Type.ShouldBe("messageStart");
        frames[^2].Type.ShouldBe("messageStop");
        frames[^1].Type.ShouldBe("metadata");
        string text = "", calls = "";
        foreach (var (type, payload) in frames)
        {
            if (type == "contentBlockStart") calls += payload.GetProperty("start").GetProperty("toolUse").GetProperty("name").GetString();
            if (type != "contentBlockDelta") continue;
            var delta = payload.GetProperty("delta");
            if (delta.TryGetProperty("text", out var piece)) text += piece.GetString();
            if (delta.TryGetProperty("toolUse", out var call)) calls += call.GetProperty("input").GetString();
        }

        return Line(text, calls, frames[^2].Payload.GetProperty("stopReason").GetString(), BedrockTokens(frames[^1].Payload.GetProperty("usage")));
    }

    private static string Line(string? text, string calls, string? finish, string tokens) => $"{text}|{calls}|{finish}|{tokens}";

    private static string? Type(JsonElement element) => element.GetProperty("type").GetString();

    private static string Call(JsonElement name, JsonElement arguments) =>
        name.GetString() + (arguments.ValueKind == JsonValueKind.String ? arguments.GetString() : Run.Text(arguments));

    private static string ChatTokens(JsonElement usage) =>
        $"{Count(usage, "prompt_tokens")}/{Count(usage.GetProperty("prompt_tokens_details"), "cached_tokens")}/{Count(usage, "completion_tokens")}";

    private static string ResponsesTokens(JsonElement usage) =>
        $"{Count(usage, "input_tokens")}/{Count(usage.GetProperty("input_tokens_details"), "cached_tokens")}/{Count(usage, "output_tokens")}";

    // Cached tokens stand beside the others here.
    private static string AnthropicTokens(JsonElement usage) =>
        $"{Count(usage, "input_tokens") + Count(usage, "cache_read_input_tokens") + Count(usage, "cache_creation_input_tokens")}/{Count(usage, "cache_read_input_tokens")}/{Count(usage, "output_tokens")}";

    private static string BedrockTokens(JsonElement usage) =>
        $"{Count(usage, "inputTokens") + Count(usage, "cacheReadInputTokens")}/{Count(usage, "cacheReadInputTokens")}/{Count(usage, "outputTokens")}";

    private static long Count(JsonElement usage, string name) => usage.TryGetProperty(name, out var count) ? count.GetInt64() : 0;
}
