using System.Text.Json;
using Lava.Core.Pricing;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Reads Anthropic's <c>usage</c> (platform.claude.com, Messages): what was read from and written to a cache is counted beside <c>input_tokens</c>,
/// so the whole prompt is their sum. A stream reports in <c>message_start</c> and again, cumulatively, in <c>message_delta</c>: what comes later wins where
/// it is present. What compaction used stands in <c>iterations</c> alone and comes on top; the other iterations are in the sums already, and a model that
/// declined is in none.</summary>
internal struct AnthropicUsage
{
    private TokenCounts _answer;
    private TokenCounts _aside;
    private long _longest;
    private ToolCalls _tools;
    private string? _tier;
    private string? _speed;
    private string? _geo;
    private NamedTerms _named;
    private UsageNumbers _numbers;

    public readonly Usage Usage => new()
    {
        InputTokens = _answer.Prompt + _aside.Prompt,
        OutputTokens = _answer.Output + _aside.Output,
        CacheReadTokens = _answer.Read + _aside.Read,
        CacheWriteTokens = _answer.Write + _aside.Write,
        CacheWriteLongTokens = Math.Min(_answer.WriteLong, _answer.Write) + Math.Min(_aside.WriteLong, _aside.Write),
        ReasoningTokens = Math.Min(_answer.Thinking, _answer.Output),
        LongestPromptTokens = _longest,
        Tools = _tools,
        Tier = _tier,
        Speed = _speed,
        Geo = _geo,
    };

    public readonly bool IsInconsistent => _answer.WriteLong > _answer.Write || _answer.Thinking > _answer.Output;

    public readonly UsageReport Report => new()
    {
        Usage = Usage,
        Named = _named,
        HasUsage = _numbers.HasAny,
        IsInconsistent = IsInconsistent,
        IsUnreadable = _numbers.IsOdd,
    };

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
            if (TryCount(ref reader, ref _answer, ref _numbers)) continue;
            if (reader.ValueTextEquals("iterations"u8)) ReadIterations(ref reader);
            else if (reader.ValueTextEquals("server_tool_use"u8)) ReadTools(ref reader);
            else if (reader.ValueTextEquals("service_tier"u8)) _tier = ServedTerms.Tier(Named(ref reader, NamedTerms.Tier)) ?? _tier;
            else if (reader.ValueTextEquals("speed"u8)) _speed = ServedTerms.Speed(Named(ref reader, NamedTerms.Speed)) ?? _speed;
            else if (reader.ValueTextEquals("inference_geo"u8)) _geo = ServedTerms.Geo(Named(ref reader, NamedTerms.Geo)) ?? _geo;
            else Pass(ref reader);
        }
    }

    private ReadOnlySpan<byte> Named(ref Utf8JsonReader reader, NamedTerms term)
    {
        var word = ServedTerms.Read(ref reader);
        if (ServedTerms.IsNamed(word)) _named |= term;
        return word;
    }

    /// <summary>Reads a count of tokens, if the member is one.</summary>
    private static bool TryCount(ref Utf8JsonReader reader, ref TokenCounts counts, ref UsageNumbers numbers)
    {
        if (reader.ValueTextEquals("input_tokens"u8)) Set(ref counts.Input, ref reader, ref numbers);
        else if (reader.ValueTextEquals("output_tokens"u8)) Set(ref counts.Output, ref reader, ref numbers);
        else if (reader.ValueTextEquals("cache_read_input_tokens"u8)) Set(ref counts.Read, ref reader, ref numbers);
        else if (reader.ValueTextEquals("cache_creation_input_tokens"u8)) Set(ref counts.Write, ref reader, ref numbers);
        else if (reader.ValueTextEquals("cache_creation"u8)) ReadInner(ref reader, "ephemeral_1h_input_tokens"u8, ref counts.WriteLong, ref numbers);
        else if (reader.ValueTextEquals("output_tokens_details"u8)) ReadInner(ref reader, "thinking_tokens"u8, ref counts.Thinking, ref numbers);
        else return false;
        return true;
    }

    private static void ReadInner(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, ref long field, ref UsageNumbers numbers)
    {
        if (!Enter(ref reader, JsonTokenType.StartObject)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name)) Set(ref field, ref reader, ref numbers);
            else Pass(ref reader);
        }
    }

    private void ReadTools(ref Utf8JsonReader reader)
    {
        if (!Enter(ref reader, JsonTokenType.StartObject)) return;

        // Fetching pages costs nothing but its tokens, and so does running code beside a search.
        long searches = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("web_search_requests"u8)) searches = _numbers.Count(ref reader);
            else Pass(ref reader);
        }

        _tools = _tools with { WebSearches = Math.Max(_tools.WebSearches, searches) };
    }

    /// <summary>The list is of the whole answer each time that it comes.</summary>
    private void ReadIterations(ref Utf8JsonReader reader)
    {
        if (!Enter(ref reader, JsonTokenType.StartArray)) return;
        var aside = default(TokenCounts);
        long longest = 0, others = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var counts = default(TokenCounts);
            var kind = Iteration.Message;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (TryCount(ref reader, ref counts, ref _numbers)) continue;
                if (reader.ValueTextEquals("type"u8)) kind = Kind(ServedTerms.Read(ref reader));
                else Pass(ref reader);
            }

            longest = Math.Max(longest, counts.Prompt);
            if (kind is Iteration.Compaction or Iteration.Advisor) aside.Add(counts);

            // Another model's tokens have that one's prices.
            if (kind is Iteration.Advisor or Iteration.Fallback) others++;
        }

        _aside = aside;
        _longest = longest;
        _tools = _tools with { Others = Math.Max(_tools.Others, others) };
    }

    private static Iteration Kind(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("compaction"u8) ? Iteration.Compaction
        : type.SequenceEqual("advisor_message"u8) ? Iteration.Advisor
        : type.SequenceEqual("fallback_message"u8) ? Iteration.Fallback
        : Iteration.Message;

    private static bool Enter(ref Utf8JsonReader reader, JsonTokenType start)
    {
        reader.Read();
        if (reader.TokenType == start) return true;
        reader.Skip();
        return false;
    }

    private static void Pass(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private static void Set(ref long field, ref Utf8JsonReader reader, ref UsageNumbers numbers)
    {
        // Null says nothing new: a stream's later event may leave out what the first one told.
        var ahead = reader;
        ahead.Read();
        if (ahead.TokenType == JsonTokenType.Null) reader = ahead;
        else field = numbers.Count(ref reader);
    }

    private enum Iteration
    {
        Message,
        Compaction,
        Advisor,
        Fallback,
    }

    private struct TokenCounts
    {
        public long Input;
        public long Output;
        public long Read;
        public long Write;
        public long WriteLong;
        public long Thinking;

        public readonly long Prompt => Input + Read + Write;

        public void Add(in TokenCounts other)
        {
            Input += other.Input;
            Output += other.Output;
            Read += other.Read;
            Write += other.Write;
            WriteLong += other.WriteLong;
        }
    }
}
