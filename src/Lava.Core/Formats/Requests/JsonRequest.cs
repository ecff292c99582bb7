using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Core.Formats.Requests;

/// <summary>Reads a JSON request of any format in one pass: the members that matter have names of their own in each format.</summary>
internal ref struct JsonRequest(ReadOnlySpan<byte> body, ProviderEndpoint endpoint)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private Utf8JsonReader _reader = new(body, new JsonReaderOptions { MaxDepth = RequestReader.MaxDepth });
    private string? _model;
    private bool _modelIsInvalid;
    private bool _stream;
    private bool _asksForUsage;
    private long? _most;
    private long _choices = 1;
    private long _mediaBytes;
    private int _mediaParts;
    private long _characters;

    public RequestFacts Read()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject) throw new JsonException("A request is a JSON object.");
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName) ReadTopMember();
        if (_reader.TokenType != JsonTokenType.EndObject || _reader.Read()) throw new JsonException("A request is one JSON object.");
        return new RequestFacts
        {
            Model = _model,
            ModelIsInvalid = _modelIsInvalid,
            Stream = _stream,
            AsksForUsage = _asksForUsage,
            MaxOutputTokens = _most,
            Choices = Math.Clamp(_choices, 1, 1_000),
            PromptBytes = Math.Max(0, _body.Length - _mediaBytes),
            MediaBytes = _mediaBytes,
            MediaParts = _mediaParts,
            Characters = _characters,
        };
    }

    private void ReadTopMember()
    {
        if (_reader.ValueTextEquals("model"u8) || _reader.ValueTextEquals("model_id"u8))
        {
            _reader.Read();
            if (_reader.TokenType == JsonTokenType.String && _reader.ValueSpan.Length is > 0 and <= 256) _model = _reader.GetString();
            else _modelIsInvalid = _reader.TokenType != JsonTokenType.Null;
            _reader.Skip();
        }
        else if (_reader.ValueTextEquals("stream"u8)) _stream = ReadFlag();
        else if (_reader.ValueTextEquals("max_tokens"u8) || _reader.ValueTextEquals("max_completion_tokens"u8) || _reader.ValueTextEquals("max_output_tokens"u8)) ReadMost();
        else if (_reader.ValueTextEquals("n"u8)) _choices = ReadWhole() ?? 1;
        else if (_reader.ValueTextEquals("stream_options"u8)) ReadObject(inner: 1);
        else if (_reader.ValueTextEquals("generationConfig"u8) || _reader.ValueTextEquals("generation_config"u8) || _reader.ValueTextEquals("inferenceConfig"u8)) ReadObject(inner: 2);
        else if (endpoint.Kind == EndpointKind.Speech && (_reader.ValueTextEquals("input"u8) || _reader.ValueTextEquals("text"u8)))
        {
            _reader.Read();
            if (_reader.TokenType == JsonTokenType.String) _characters = CountCharacters();
            _reader.Skip();
        }
        else ReadAny();
    }

    private void ReadObject(int inner)
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _reader.Skip();
            return;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (inner == 1 && _reader.ValueTextEquals("include_usage"u8)) _asksForUsage = ReadFlag();
            else if (inner == 2 && (_reader.ValueTextEquals("maxOutputTokens"u8) || _reader.ValueTextEquals("max_output_tokens"u8) || _reader.ValueTextEquals("maxTokens"u8))) ReadMost();
            else if (inner == 2 && _reader.ValueTextEquals("candidateCount"u8)) _choices = ReadWhole() ?? 1;
            else ReadAny();
        }
    }

    /// <summary>Walks over a value and sums up the media in it.</summary>
    private void ReadAny()
    {
        var isMedia = IsMediaName();
        _reader.Read();
        var depth = _reader.CurrentDepth;
        while (true)
        {
            if (_reader.TokenType == JsonTokenType.PropertyName) isMedia = IsMediaName();
            else if (_reader.TokenType == JsonTokenType.String && isMedia) CountMedia();
            if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName) && _reader.CurrentDepth == depth) return;
            if (!_reader.Read()) return;
        }
    }

    private readonly bool IsMediaName() =>
        _reader.ValueTextEquals("data"u8) || _reader.ValueTextEquals("url"u8) || _reader.ValueTextEquals("image_url"u8) || _reader.ValueTextEquals("bytes"u8)
        || _reader.ValueTextEquals("file_data"u8) || _reader.ValueTextEquals("fileUri"u8) || _reader.ValueTextEquals("file_id"u8);

    private void CountMedia()
    {
        _mediaParts++;
        var value = _reader.ValueSpan;

        // An address stays part of the prompt: it is short, and what it points at is not in the body.
        if (!value.StartsWith("http"u8)) _mediaBytes += value.Length;
    }

    private readonly long CountCharacters()
    {
        var count = 0L;
        foreach (var _ in _reader.GetString()!.EnumerateRunes()) count++;
        return count;
    }

    private void ReadMost()
    {
        if (ReadWhole() is { } most) _most = Math.Max(_most ?? 0, most);
    }

    private long? ReadWhole()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var number) && number >= 0) return number;
        _reader.Skip();
        return null;
    }

    private bool ReadFlag()
    {
        _reader.Read();
        var isTrue = _reader.TokenType == JsonTokenType.True;
        _reader.Skip();
        return isTrue;
    }
}
