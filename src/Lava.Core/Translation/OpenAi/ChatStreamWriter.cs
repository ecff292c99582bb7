using System.Buffers;
using System.Text;
using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.OpenAi;

/// <summary>Writes a stream of <c>chat.completion.chunk</c>s: the role first, tool calls by index, the reason, usage if it was asked for,
/// <c>[DONE]</c>.</summary>
internal sealed class ChatStreamWriter(ReplyFrame frame) : AnswerStreamWriter
{
    private readonly ArrayBufferWriter<byte> _head = new();
    private PartKind _kind;
    private bool _isCustom;
    private int _calls = -1;

    public override void Begin(string? id, string? model, Usage? usage)
    {
        _head.Write("data: "u8);
        using (var json = JsonOutput.Open(_head))
        {
            json.WriteStartObject();
            json.WriteString("id", id ?? $"chatcmpl-{frame.AnswerId}");
            json.WriteString("object", "chat.completion.chunk");
            json.WriteNumber("created", frame.CreatedAt);
            json.WriteString("model", model ?? frame.Model);
            json.WriteEndObject();
        }

        BeginDelta();
        Write("\"role\":\"assistant\",\"content\":\"\""u8);
        EndDelta();
    }

    public override void BeginPart(in StreamPart part)
    {
        _kind = part.Kind;
        if (_kind != PartKind.ToolCall) return;
        _calls++;
        _isCustom = part.IsCustom && !frame.CustomAsFunctions;
        BeginDelta();
        Write("\"tool_calls\":["u8);
        var json = Json();
        json.WriteStartObject();
        json.WriteNumber("index", _calls);
        json.WriteString("id", part.Id);
        json.WriteString("type", OpenAiTools.TypeOf(_isCustom));
        json.WriteStartObject(OpenAiTools.TypeOf(_isCustom));
        json.WriteString("name", part.Name);
        json.WriteString(_isCustom ? "input" : "arguments", "");
        json.WriteEndObject();
        ChatAnswers.WriteSignature(part.Signature, json);
        json.WriteEndObject();
        json.Flush();
        Write("]"u8);
        EndDelta();
    }

    public override void Delta(ReadOnlySpan<byte> token)
    {
        BeginDelta();
        if (_kind == PartKind.ToolCall)
        {
            Write("\"tool_calls\":[{\"index\":"u8);
            WriteNumber(_calls);
            Write(_isCustom ? ",\"custom\":{\"input\":"u8 : ",\"function\":{\"arguments\":"u8);
            Write(token);
            Write("}}]"u8);
        }
        else
        {
            Write(_kind == PartKind.Thinking ? "\"reasoning_content\":"u8 : "\"content\":"u8);
            Write(token);
        }

        EndDelta();
    }

    public override void Sign(string signature)
    {
    }

    public override void EndPart()
    {
    }

    public override void End(FinishReason reason, string? stopSequence, Usage? usage)
    {
        WriteHead();
        Write(",\"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\""u8);
        Write(Encoding.ASCII.GetBytes(ChatAnswers.Word(reason)));
        Write("\"}]"u8);
        EndChunk();
        if (frame.IncludeUsage)
        {
            WriteHead();
            Write(",\"choices\":[],\"usage\":"u8);
            var json = Json();
            ChatAnswers.WriteUsage(json, usage ?? default);
            json.Flush();
            Write("}\n\n"u8);
        }

        Write("data: [DONE]\n\n"u8);
    }

    public override void Fail(ProviderError error)
    {
        Write("data: "u8);
        var json = Json();
        OpenAiErrors.Write(error, json);
        json.Flush();
        Write("\n\n"u8);
    }

    public override void Ping() => Write(": ping\n\n"u8);

    // The head is a whole object; its last brace comes after what is put into it.
    private void WriteHead() => Write(_head.WrittenSpan[..^1]);

    private void BeginDelta()
    {
        WriteHead();
        Write(",\"choices\":[{\"index\":0,\"delta\":{"u8);
    }

    private void EndDelta()
    {
        Write("},\"logprobs\":null,\"finish_reason\":null}]"u8);
        EndChunk();
    }

    private void EndChunk() => Write(frame.IncludeUsage ? ",\"usage\":null}\n\n"u8 : "}\n\n"u8);
}
