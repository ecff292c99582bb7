using System.Buffers;
using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Core.Formats.Requests;

/// <summary>Reads a JSON request of any format: the formats' member names do not collide in what they mean.</summary>
internal ref struct JsonRequest(ProviderEndpoint endpoint)
{
    private const long MostChoices = 1_000_000;

    private PromptMedia _media;
    private string? _model;
    private bool _modelIsInvalid;
    private bool _stream;
    private bool _asksForUsage;
    private long? _maxOutput;
    private long _choices = 1;
    private bool _hasTemperature;
    private long _characters;
    private bool _isUnseen;
    private bool _hasMessages;
    private bool _hasInput;
    private bool _hasFlatTools;
    private bool _hasCustomTools;
    private RootMembers _seen;
    private bool _isRepeated;

    public readonly RequestFacts Facts(int bodyLength) => new()
    {
        Model = _modelIsInvalid ? null : _model,
        ModelIsInvalid = _modelIsInvalid,
        Stream = _stream,
        AsksForUsage = _asksForUsage,
        MaxOutputTokens = _maxOutput,
        Choices = _choices,
        HasTemperature = _hasTemperature,
        PromptBytes = bodyLength - _media.EncodedBytes,
        MediaParts = _media.Parts,
        MediaBytes = _media.DocumentBytes,
        HasUnseenInput = _isUnseen || _media.HasUnseen,
        Characters = _characters,
        IsForResponse = _hasInput && !_hasMessages,
        HasFlatTools = _hasFlatTools,
        HasCustomTools = _hasCustomTools,
    };

    /// <summary>Reads a body; false when it is no JSON object, nests too deep or names a member twice that matters.</summary>
    public bool TryRead(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RequestReader.MaxDepth });
        Span<PromptMember> containers = stackalloc PromptMember[RequestReader.MaxDepth + 1];
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            var member = PromptMember.Other;
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName when reader.CurrentDepth == 1:
                        member = ReadRoot(ref reader);
                        break;
                    case JsonTokenType.PropertyName:
                        member = PromptMembers.Of(ref reader);
                        break;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        containers[reader.CurrentDepth + 1] = member;
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        member = containers[reader.CurrentDepth + 1];
                        break;
                    case JsonTokenType.String:
                        _media.Take(containers[reader.CurrentDepth], member, reader.ValueSpan);
                        if (containers[reader.CurrentDepth] == PromptMember.Tools) SeeTool(member, reader.ValueSpan);
                        break;
                    case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                        ReadNested(ref reader, containers[reader.CurrentDepth], member);
                        break;
                }
            }

            return !_isRepeated;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads a member at the top, and its value where that is all there is to it.</summary>
    private PromptMember ReadRoot(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("model"u8) || (endpoint.Format == WireFormat.ElevenLabs && reader.ValueTextEquals("model_id"u8))) ReadModel(ref reader);
        else if (reader.ValueTextEquals("stream"u8))
        {
            See(RootMembers.Stream);
            _stream = Next(ref reader) == JsonTokenType.True;
        }
        else if (reader.ValueTextEquals("max_tokens"u8) || reader.ValueTextEquals("max_completion_tokens"u8) || reader.ValueTextEquals("max_output_tokens"u8))
        {
            if (Next(ref reader) == JsonTokenType.Number) TakeMaxOutput(ref reader);
        }
        else if (reader.ValueTextEquals("n"u8))
        {
            if (Next(ref reader) == JsonTokenType.Number) TakeChoices(ref reader);
        }
        else if (endpoint.Kind == EndpointKind.Speech && (reader.ValueTextEquals("input"u8) || reader.ValueTextEquals("text"u8)))
        {
            if (Next(ref reader) == JsonTokenType.String) _characters += Characters(ref reader);
        }
        else if (reader.ValueTextEquals("previous_response_id"u8) || reader.ValueTextEquals("conversation"u8) || reader.ValueTextEquals("cachedContent"u8)
            || (endpoint.Format == WireFormat.OpenAiResponses && reader.ValueTextEquals("prompt"u8)))
        {
            if (Next(ref reader) is JsonTokenType.String or JsonTokenType.StartObject) _isUnseen = true;
        }
        else if (endpoint is { Kind: EndpointKind.Chat, Format: WireFormat.OpenAiChat or WireFormat.OpenAiResponses } && reader.ValueTextEquals("tools"u8)) return PromptMember.Tools;
        else
        {
            if (reader.ValueTextEquals("messages"u8)) _hasMessages |= HasContent(reader);
            else if (reader.ValueTextEquals("input"u8)) _hasInput |= HasContent(reader);
            var member = PromptMembers.Of(ref reader);
            if (member == PromptMember.StreamOptions) See(RootMembers.StreamOptions);
            return member;
        }

        return PromptMember.Other;
    }

    private void See(RootMembers member)
    {
        _isRepeated |= (_seen & member) != 0;
        _seen |= member;
    }

    /// <summary>Whether the member ahead is there: not null, and no empty list.</summary>
    private static bool HasContent(Utf8JsonReader ahead)
    {
        ahead.Read();
        return ahead.TokenType != JsonTokenType.Null && (ahead.TokenType != JsonTokenType.StartArray || (ahead.Read() && ahead.TokenType != JsonTokenType.EndArray));
    }

    /// <summary>Looks at a text of a chat's tool: its name and what describes it belong one level deeper.</summary>
    private void SeeTool(PromptMember member, ReadOnlySpan<byte> value)
    {
        if (member == PromptMember.Name) _hasFlatTools = true;
        else if (member == PromptMember.Type && value.SequenceEqual("custom"u8)) _hasCustomTools = true;
    }

    /// <summary>Moves to a member's value, without going into it: what is nested is left to the caller's loop.</summary>
    private static JsonTokenType Next(ref Utf8JsonReader reader)
    {
        var ahead = reader;
        ahead.Read();
        if (ahead.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) reader = ahead;
        return ahead.TokenType;
    }

    private void ReadModel(ref Utf8JsonReader reader)
    {
        See(RootMembers.Model);
        if (Next(ref reader) != JsonTokenType.String)
        {
            _modelIsInvalid = true;
            return;
        }

        try
        {
            _model = reader.GetString();
            _modelIsInvalid |= string.IsNullOrEmpty(_model);
        }
        catch (InvalidOperationException)
        {
            _modelIsInvalid = true;
        }
    }

    private void ReadNested(ref Utf8JsonReader reader, PromptMember container, PromptMember member)
    {
        if (container == PromptMember.StreamOptions && member == PromptMember.IncludeUsage)
        {
            See(RootMembers.IncludeUsage);
            _asksForUsage = reader.TokenType == JsonTokenType.True;
        }

        if (reader.TokenType != JsonTokenType.Number || (container != PromptMember.GenerationConfig && reader.CurrentDepth != 1)) return;
        if (member == PromptMember.Temperature) _hasTemperature |= reader.TryGetDouble(out var temperature) && temperature > 0;
        if (container != PromptMember.GenerationConfig) return;
        if (member == PromptMember.MaxOutput) TakeMaxOutput(ref reader);
        else if (member == PromptMember.Candidates) TakeChoices(ref reader);
    }

    private void TakeMaxOutput(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var most) && most > 0) _maxOutput = Math.Max(most, _maxOutput ?? 0);
    }

    private void TakeChoices(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var choices)) _choices = Math.Clamp(choices, _choices, MostChoices);
    }

    /// <summary>Unicode characters of a string: bytes of UTF-8 that begin one.</summary>
    private static long Characters(ref Utf8JsonReader reader)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            var text = buffer.AsSpan(0, reader.CopyString(buffer));
            var count = 0L;
            foreach (var b in text)
            {
                if ((b & 0xC0) != 0x80) count++;
            }

            return count;
        }
        catch (InvalidOperationException)
        {
            // Not text; the provider will say so. As many as there can be.
            return reader.ValueSpan.Length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Members that may stand once only.</summary>
    [Flags]
    private enum RootMembers
    {
        Model = 1,
        Stream = 2,
        StreamOptions = 4,
        IncludeUsage = 8,
    }
}
