using System.Text.Json;
using Lava.Core.Formats.Usages;

namespace Lava.Core.Formats.Answers;

/// <summary>Events of Anthropic's Messages API: usage begins in <c>message_start</c> and is completed in <c>message_delta</c>; <c>message_stop</c> is the end.</summary>
internal sealed class AnthropicEvents : IEventInterpreter
{
    private AnthropicUsage _usage;
    private string? _id;
    private string? _model;
    private bool _hasError;

    public AnswerSummary Summary => new()
    {
        Usage = _usage.Usage,
        HasUsage = _usage.HasUsage,
        IsInconsistent = _usage.IsInconsistent,
        ResponseId = _id,
        Model = _model,
        HasError = _hasError,
    };

    public bool HasEndEvent => true;

    public EventFlow OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (name.IsEmpty) name = TypeOf(data);
        if (name.SequenceEqual("message_stop"u8)) return EventFlow.End;
        if (name.SequenceEqual("error"u8)) _hasError = true;
        else if (name.SequenceEqual("message_start"u8) || name.SequenceEqual("message_delta"u8)) Read(data);
        return EventFlow.Pass;
    }

    private void Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject) ReadMembers(ref reader, isInMessage: false);
        }
        catch (JsonException)
        {
            // What is not JSON says nothing; the bytes pass.
        }
    }

    private void ReadMembers(ref Utf8JsonReader reader, bool isInMessage)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!isInMessage && reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject) ReadMembers(ref reader, isInMessage: true);
                else reader.Skip();
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                _usage.Update(ref reader);
            }
            else if (isInMessage && reader.ValueTextEquals("id"u8)) _id = Text(ref reader);
            else if (isInMessage && reader.ValueTextEquals("model"u8)) _model = Text(ref reader);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return JsonText.Cut(reader.GetString());
        reader.Skip();
        return null;
    }

    // Events without a name carry their type as the first member.
    private static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> data)
    {
        if (!data.StartsWith("{\"type\":\""u8)) return default;
        var type = data[9..];
        var end = type.IndexOf((byte)'"');
        return end < 0 ? default : type[..end];
    }
}
