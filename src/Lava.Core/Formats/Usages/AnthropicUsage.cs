using System.Text.Json;
using Lava.Core.Metering;

namespace Lava.Core.Formats.Usages;

/// <summary>Reads Anthropic's <c>usage</c> (docs.anthropic.com, Messages): what was read from and written to a cache is counted beside <c>input_tokens</c>, so the whole
/// prompt is their sum. A stream reports in <c>message_start</c> and again, cumulatively, in <c>message_delta</c>: what comes later wins where it is present.</summary>
internal struct AnthropicUsage
{
    private long _input;
    private long _output;
    private long _cacheRead;
    private long _cacheWrite;
    private long _cacheWriteLong;
    private UsageNumbers _numbers;

    public readonly Usage Usage => new()
    {
        InputTokens = _input + _cacheRead + _cacheWrite,
        OutputTokens = _output,
        CacheReadTokens = _cacheRead,
        CacheWriteTokens = _cacheWrite,
        CacheWriteLongTokens = Math.Min(_cacheWriteLong, _cacheWrite),
    };

    public readonly bool IsInconsistent => _cacheWriteLong > _cacheWrite;

    public readonly UsageReport Report => new() { Usage = Usage, HasUsage = _numbers.HasAny, IsInconsistent = IsInconsistent, IsUnreadable = _numbers.IsOdd };

    /// <summary>Takes over what a usage object says; anything else changes nothing.</summary>
    public void Update(ReadOnlySpan<byte> json)
    {
        if (!json.StartsWith("{"u8)) return;
        var updated = this;
        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            updated.Update(ref reader);
            this = updated;
        }
        catch (JsonException)
        {
        }
    }

    private void Update(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("input_tokens"u8)) Set(ref _input, ref reader);
            else if (reader.ValueTextEquals("output_tokens"u8)) Set(ref _output, ref reader);
            else if (reader.ValueTextEquals("cache_read_input_tokens"u8)) Set(ref _cacheRead, ref reader);
            else if (reader.ValueTextEquals("cache_creation_input_tokens"u8)) Set(ref _cacheWrite, ref reader);
            else if (reader.ValueTextEquals("cache_creation"u8)) UpdateCreation(ref reader);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    private void UpdateCreation(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("ephemeral_1h_input_tokens"u8)) Set(ref _cacheWriteLong, ref reader);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    private void Set(ref long field, ref Utf8JsonReader reader)
    {
        // Null says nothing new: a stream's later event may leave out what the first one told.
        var ahead = reader;
        ahead.Read();
        if (ahead.TokenType == JsonTokenType.Null) reader = ahead;
        else field = _numbers.Count(ref reader);
    }
}
