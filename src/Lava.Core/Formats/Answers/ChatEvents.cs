using System.Text.Json;
using Lava.Core.Formats.Usages;

namespace Lava.Core.Formats.Answers;

/// <summary>OpenAI chat completion chunks, and transcription events (<c>transcript.text.done</c>), which report usage the same way. Usage stands on an extra chunk without
/// choices, or at hosts that imitate OpenAI on the last one with choices, or in <c>x_groq</c>. The end is <c>[DONE]</c>.</summary>
internal sealed class ChatEvents(bool withholdUsage) : IEventInterpreter
{
    private AnswerSummary _summary;

    public AnswerSummary Summary => _summary;

    public bool HasEndEvent => true;

    public EventFlow OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var text = data.Trim((byte)' ');
        if (text.SequenceEqual("[DONE]"u8)) return EventFlow.End;
        var mayHaveUsage = text.IndexOf("\"usage\""u8) >= 0 && text.IndexOf("\"usage\":null"u8) < 0;
        var isFirst = _summary.ResponseId is null;
        if (!mayHaveUsage && !isFirst && text.IndexOf("\"error\""u8) < 0) return EventFlow.Pass;
        return Read(text) && withholdUsage ? EventFlow.Withhold : EventFlow.Pass;
    }

    /// <summary>Reads a chunk; true when it is the extra one that carries usage alone.</summary>
    private bool Read(ReadOnlySpan<byte> json)
    {
        bool hasUsage = false, isEmpty = false;
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("id"u8) && _summary.ResponseId is null) _summary = _summary with { ResponseId = Text(ref reader) };
                else if (reader.ValueTextEquals("model"u8) && _summary.Model is null) _summary = _summary with { Model = Text(ref reader) };
                else if (reader.ValueTextEquals("usage"u8)) hasUsage |= TakeUsage(ref reader, json);
                else if (reader.ValueTextEquals("x_groq"u8)) TakeGroq(ref reader, json);
                else if (reader.ValueTextEquals("error"u8))
                {
                    reader.Read();
                    if (reader.TokenType != JsonTokenType.Null) _summary = _summary with { HasError = true };
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("choices"u8))
                {
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.StartArray)
                    {
                        var entry = reader;
                        isEmpty = entry.Read() && entry.TokenType == JsonTokenType.EndArray;
                    }

                    reader.Skip();
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return hasUsage && isEmpty;
    }

    private bool TakeUsage(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        var from = (int)reader.TokenStartIndex;
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        reader.Skip();
        if (!isObject) return false;
        var report = OpenAiUsage.Read(json[from..(int)reader.BytesConsumed]);
        if (report.HasUsage) _summary = _summary with { Usage = report.Usage, HasUsage = true, IsInconsistent = report.IsInconsistent };
        return report.HasUsage;
    }

    private void TakeGroq(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("usage"u8) && !_summary.HasUsage) TakeUsage(ref reader, json);
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
}
