using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.Anthropic;

/// <summary>Writes a message's stream. <c>message_start</c> has what the provider has counted by then, zeros where it counts at the end; <c>message_delta</c>
/// has the whole usage.</summary>
internal sealed class AnthropicStreamWriter(ReplyFrame frame) : AnswerStreamWriter
{
    private int _index = -1;
    private PartKind _kind;

    public override void Begin(string? id, string? model, Usage? usage)
    {
        Write("event: message_start\ndata: {\"type\":\"message_start\",\"message\":"u8);
        var json = Json();
        json.WriteStartObject();
        json.WriteString("id", id ?? $"msg_{frame.AnswerId}");
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", model ?? frame.Model);
        json.WriteStartArray("content");
        json.WriteEndArray();
        json.WriteNull("stop_reason");
        json.WriteNull("stop_sequence");
        json.WritePropertyName("usage");
        AnthropicAnswers.WriteUsage(usage ?? default, json);
        json.WriteEndObject();
        json.Flush();
        Write("}\n\n"u8);
    }

    public override void BeginPart(in StreamPart part)
    {
        _index++;
        _kind = part.Kind;
        Write("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":"u8);
        WriteNumber(_index);
        Write(",\"content_block\":"u8);
        var json = Json();
        json.WriteStartObject();
        switch (part.Kind)
        {
            case PartKind.Text:
                json.WriteString("type", "text");
                json.WriteString("text", "");
                break;
            case PartKind.Thinking:
                json.WriteString("type", "thinking");
                json.WriteString("thinking", "");
                json.WriteString("signature", "");
                break;
            case PartKind.Redacted:
                json.WriteString("type", "redacted_thinking");
                json.WriteString("data", part.Id ?? "");
                break;
            default:
                json.WriteString("type", "tool_use");
                json.WriteString("id", part.Id);
                json.WriteString("name", part.Name);
                json.WriteStartObject("input");
                json.WriteEndObject();
                break;
        }

        json.WriteEndObject();
        json.Flush();
        Write("}\n\n"u8);
    }

    public override void Delta(ReadOnlySpan<byte> token)
    {
        BeginDelta();
        Write(_kind switch
        {
            PartKind.ToolCall => "{\"type\":\"input_json_delta\",\"partial_json\":"u8,
            PartKind.Thinking => "{\"type\":\"thinking_delta\",\"thinking\":"u8,
            _ => "{\"type\":\"text_delta\",\"text\":"u8,
        });
        Write(token);
        Write("}}\n\n"u8);
    }

    public override void Sign(string signature)
    {
        if (_kind != PartKind.Thinking) return;
        BeginDelta();
        var json = Json();
        json.WriteStartObject();
        json.WriteString("type", "signature_delta");
        json.WriteString("signature", signature);
        json.WriteEndObject();
        json.Flush();
        Write("}\n\n"u8);
    }

    public override void EndPart()
    {
        Write("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":"u8);
        WriteNumber(_index);
        Write("}\n\n"u8);
    }

    public override void End(FinishReason reason, string? stopSequence, Usage? usage)
    {
        Write("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":"u8);
        var json = Json();
        json.WriteStartObject();
        json.WriteString("stop_reason", AnthropicAnswers.Word(reason, stopSequence));
        json.WriteString("stop_sequence", stopSequence);
        json.WriteEndObject();
        json.Flush();
        Write(",\"usage\":"u8);
        json = Json();
        AnthropicAnswers.WriteUsage(usage ?? default, json);
        json.Flush();
        Write("}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8);
    }

    public override void Fail(ProviderError error)
    {
        Write("event: error\ndata: "u8);
        var json = Json();
        AnthropicErrors.Write(error, json);
        json.Flush();
        Write("\n\n"u8);
    }

    public override void Ping() => Write("event: ping\ndata: {\"type\":\"ping\"}\n\n"u8);

    private void BeginDelta()
    {
        Write("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"u8);
        WriteNumber(_index);
        Write(",\"delta\":"u8);
    }
}
