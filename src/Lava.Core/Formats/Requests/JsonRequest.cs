using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Formats.UsageReaders;

namespace Lava.Core.Formats.Requests;

/// <summary>Reads a JSON request of any format: members at the top are its format's own, what is nested has names that do not collide.</summary>
internal ref struct JsonRequest(ProviderEndpoint endpoint)
{
    private const long MostChoices = 1_000_000;

    /// <summary>How deep the members of an item of an input stand.</summary>
    private const int DepthOfItem = 3;

    /// <summary>The side of an image at the price of the plain ones, pixels.</summary>
    private const long MostPlainSide = 1_024;

    /// <summary>Steps of diffusion that an image's price includes.</summary>
    private const long MostPlainSteps = 4;

    private PromptMedia _media;
    private string? _model;
    private bool _modelIsInvalid;
    private bool _stream;
    private bool _asksForUsage;
    private long? _maxOutput;
    private long _choices = 1;
    private long _prompts = 1;
    private long _documents;
    private long _queryBytes;
    private bool _hasTemperature;
    private long _characters;
    private bool _isUnseen;
    private bool _hasMessages;
    private bool _hasInput;
    private bool _hasFlatTools;
    private bool _hasCustomTools;
    private readonly FrozenDictionary<string, (string Name, RootMember Member)> _members = RootMembers.Of(endpoint);
    private uint _seen;
    private NestedMembers _seenNested;
    private long? _maxCompletion;
    private RequestFault? _fault;
    private RequestFault? _unpriced;
    private RequestFault? _dearImage;
    private long _pixels;
    private bool _hasHostedTools;
    private bool _hasLongFindings;
    private int _hosted;
    private int _limited;
    private long _toolCalls;
    private long? _mostToolCalls;
    private AskedTerms _terms;

    private readonly bool IsOpenAiChat => endpoint is { Kind: EndpointKind.Chat, Format: WireFormat.OpenAiChat or WireFormat.OpenAiResponses };

    /// <summary>Most calls of the provider's tools, by the limit of each tool and of all; null where one has none.</summary>
    private readonly long? ToolCallLimit
    {
        get
        {
            var each = _hosted > 0 && _limited >= _hosted ? _toolCalls : (long?)null;
            return each is null || _mostToolCalls < each ? _mostToolCalls : each;
        }
    }

    public readonly RequestFacts Facts(int bodyLength) => new()
    {
        Model = _modelIsInvalid ? null : _model,
        ModelIsInvalid = _modelIsInvalid,
        Stream = _stream,
        AsksForUsage = _asksForUsage,
        MaxOutputTokens = _maxOutput,
        MaxCompletionTokens = _maxCompletion,
        Fault = _fault,
        Unpriced = _unpriced,
        DearImage = _dearImage,
        ImagePixels = _pixels,
        Terms = _terms with { ToolCallLimit = ToolCallLimit },
        HasHostedTools = _hasHostedTools,
        HasOnlyFindingsUnseen = _hasHostedTools && !_hasLongFindings && !_isUnseen && !_media.HasUnseen,
        Choices = Math.Min(_choices * _prompts, MostChoices),
        Documents = _documents,
        QueryBytes = _queryBytes,
        HasTemperature = _hasTemperature,
        PromptBytes = bodyLength - _media.EncodedBytes,
        MediaParts = _media.Parts,
        MediaBytes = _media.DocumentBytes,

        // A recording is a file of a form. JSON can only refer to one.
        HasUnseenInput = _isUnseen || _media.HasUnseen || _hasHostedTools || endpoint.Kind == EndpointKind.Transcription,
        Characters = _characters,
        IsForResponse = _hasInput && !_hasMessages,
        HasFlatTools = _hasFlatTools && IsOpenAiChat,
        HasCustomTools = _hasCustomTools && IsOpenAiChat,
    };

    /// <summary>Reads a body; false when it is no JSON object or nests too deep.</summary>
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
                        SeeName(ref reader, containers[reader.CurrentDepth], ref member);
                        break;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        containers[reader.CurrentDepth + 1] = member;
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        member = containers[reader.CurrentDepth + 1];
                        break;
                    case JsonTokenType.String:
                        _media.Take(containers[reader.CurrentDepth], member, reader.ValueSpan);
                        SeeText(containers[reader.CurrentDepth], member, reader.ValueSpan);
                        break;
                    case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                        ReadNested(ref reader, containers[reader.CurrentDepth], member);
                        break;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads a member at the top, and its value where that is all there is to it.</summary>
    private PromptMember ReadRoot(ref Utf8JsonReader reader)
    {
        var member = RootMembers.Find(_members, ref reader, out var name, out var isExact);
        if (member == RootMember.Other) return ReadOther(ref reader);
        if (!isExact)
        {
            // Who reads it for the member would see another request than was priced.
            Fail(name!, $"A member that differs from {name} only in case is not allowed.");
            return PromptMember.Other;
        }

        See(member, name!);
        switch (member)
        {
            case RootMember.Model:
                ReadModel(ref reader);
                break;
            case RootMember.Stream:
                var stream = Next(ref reader);
                _stream = stream == JsonTokenType.True;
                if (stream is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)) Fail(name!, "stream must be true or false.");
                break;
            case RootMember.StreamOptions:
                if (Next(ref reader) is not (JsonTokenType.StartObject or JsonTokenType.Null)) Fail(name!, "stream_options must be an object.");
                return PromptMember.StreamOptions;
            case RootMember.MaxOutput:
                if (Next(ref reader) == JsonTokenType.Number) TakeMaxOutput(ref reader);
                break;
            case RootMember.MaxCompletion:
                if (Next(ref reader) == JsonTokenType.Number && reader.TryGetInt64(out var most) && most > 0) _maxCompletion = most;
                break;
            case RootMember.Choices or RootMember.BestOf:
                if (Next(ref reader) == JsonTokenType.Number) TakeChoices(ref reader);
                break;
            case RootMember.Prompts:
                _prompts = Math.Max(1, Count(reader, isNumberOne: true));
                break;
            case RootMember.Documents:
                _documents = Count(reader, isNumberOne: false);
                break;
            case RootMember.Query:
                if (Next(ref reader) == JsonTokenType.String) _queryBytes = reader.ValueSpan.Length;
                break;
            case RootMember.MostToolCalls:
                if (Next(ref reader) == JsonTokenType.Number && reader.TryGetInt64(out var calls) && calls >= 0) _mostToolCalls = calls;
                break;
            case RootMember.Spoken:
                if (endpoint.Kind == EndpointKind.Speech && Next(ref reader) == JsonTokenType.String) _characters += Characters(ref reader);
                break;
            case RootMember.Kept:
                if (Next(ref reader) is JsonTokenType.String or JsonTokenType.StartObject) _isUnseen = true;
                break;
            case RootMember.GenerationConfig:
                return PromptMember.GenerationConfig;
            case RootMember.Tools:
                return PromptMember.Tools;
            case RootMember.ToolConfig:
                return PromptMember.ToolConfig;
            case RootMember.ModelFields:
                return PromptMember.ModelFields;
            default:
                return ReadPriced(ref reader, member, name!);
        }

        return PromptMember.Other;
    }

    /// <summary>Reads a member that may change the price.</summary>
    private PromptMember ReadPriced(ref Utf8JsonReader reader, RootMember member, string name)
    {
        var token = Next(ref reader);
        if (token == JsonTokenType.Null) return PromptMember.Other;
        var text = token == JsonTokenType.String ? reader.ValueSpan : default;
        switch (member)
        {
            case RootMember.ServiceTier:
                if (token == JsonTokenType.StartObject) return PromptMember.ServiceTier;
                AskForTier(text, name);
                break;
            case RootMember.Latency when token == JsonTokenType.StartObject:
                return PromptMember.Latency;
            case RootMember.Latency:
                Refuse(name, "Latencies other than the standard one have no price here.");
                break;
            case RootMember.Speed:
                if (ServedTerms.Speed(text) is { } speed) _terms = _terms with { Speed = speed };
                else if (!text.SequenceEqual("standard"u8)) Refuse(name, "Speeds other than the standard one have no price here.");
                break;
            case RootMember.Place:
                if (ServedTerms.Geo(text) is { } geo) _terms = _terms with { Geo = geo };
                else if (!text.SequenceEqual("global"u8)) Refuse(name, "Inference in a chosen region has no price here.");
                break;
            case RootMember.Background:
                if (token != JsonTokenType.False)
                    Refuse(name, "A background response does not report its usage to this call. Send the request without background.");
                break;
            case RootMember.Extra:
                if (!IsEmpty(reader, token)) Refuse(name, $"{name} has no price here.");
                break;
            case RootMember.Size:
                _pixels = Math.Max(_pixels, PricedWords.PixelsOf(text));
                if (!PricedWords.IsPlainSize(text)) _dearImage ??= new RequestFault(name, "Only images of up to 1024x1024 have a price here.");
                break;
            case RootMember.Quality:
                if (!PricedWords.IsPlainQuality(text)) _dearImage ??= new RequestFault(name, "Only images of the standard quality have a price here.");
                break;
            case RootMember.Pixels:
                if (token != JsonTokenType.Number || !reader.TryGetInt64(out var side) || side > MostPlainSide)
                    _dearImage ??= new RequestFault(name, "Only images of up to 1024x1024 have a price here.");
                break;
            case RootMember.Steps:
                if (token != JsonTokenType.Number || !reader.TryGetInt64(out var steps) || steps > MostPlainSteps)
                    _dearImage ??= new RequestFault(name, "Only images of up to 4 steps have a price here.");
                break;
        }

        return PromptMember.Other;
    }

    private PromptMember ReadOther(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("messages"u8)) _hasMessages |= HasContent(reader);
        else if (reader.ValueTextEquals("input"u8)) _hasInput |= HasContent(reader);
        return PromptMembers.Of(ref reader) switch
        {
            // These mean something in the formats that have them alone.
            PromptMember.GenerationConfig or PromptMember.StreamOptions or PromptMember.MaxOutput or PromptMember.Candidates => PromptMember.Other,
            var member => member,
        };
    }

    private void See(RootMember member, string name)
    {
        var bit = 1u << (int)member;
        if ((_seen & bit) != 0 && member is not (RootMember.Extra or RootMember.Kept or RootMember.Pixels))
            Fail(name, $"{name} appears twice or under two names, and providers differ in which one they use.");
        _seen |= bit;
    }

    /// <summary>Looks at a member's name below the top.</summary>
    private void SeeName(ref Utf8JsonReader reader, PromptMember container, ref PromptMember member)
    {
        switch (container)
        {
            case PromptMember.StreamOptions when member == PromptMember.IncludeUsage:
                SeeNested(NestedMembers.IncludeUsage, "include_usage");
                if (Next(ref reader) is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
                    Fail("include_usage", "include_usage must be true or false.");
                _asksForUsage = reader.TokenType == JsonTokenType.True;
                break;
            case PromptMember.GenerationConfig when member == PromptMember.MaxOutput:
                SeeNested(NestedMembers.MaxOutput, "maxOutputTokens");
                break;
            case PromptMember.GenerationConfig when member == PromptMember.Candidates:
                SeeNested(NestedMembers.Candidates, "candidateCount");
                break;
            case PromptMember.ToolConfig when reader.ValueTextEquals("tools"u8):
            case PromptMember.Tools when HoldsTools(ref reader):
            case PromptMember.Other when reader.CurrentDepth == DepthOfItem && HoldsTools(ref reader):
                member = PromptMember.Tools;
                break;
            case PromptMember.Tools when endpoint.Format is WireFormat.Gemini or WireFormat.BedrockConverse && !PricedWords.IsOwnToolMember(reader.ValueSpan):
                AskForTool(PricedWords.HostedTool(endpoint.Format, reader.ValueSpan));
                break;
            case PromptMember.Tools when reader.ValueTextEquals("container"u8):
                member = PromptMember.Container;
                break;
            case PromptMember.Container when reader.ValueTextEquals("memory_limit"u8):
                // The price is that of the smallest (platform.openai.com, Pricing).
                Refuse("tools", "Only containers of the default size have a price here.");
                break;
            case PromptMember.ModelFields when PricedWords.IsHiddenField(reader.ValueSpan):
                Refuse(
                    "additionalModelRequestFields",
                    "A member of additionalModelRequestFields that limits the response or enables a tool has no price here.");
                break;
        }
    }

    /// <summary>Whether the member holds tools: those of a namespace, or of an item of a Responses input (<c>additional_tools</c>).</summary>
    private readonly bool HoldsTools(ref Utf8JsonReader reader) => endpoint.Format == WireFormat.OpenAiResponses && reader.ValueTextEquals("tools"u8);

    private void SeeNested(NestedMembers member, string name)
    {
        if ((_seenNested & member) != 0) Fail(name, $"{name} appears twice or under two names, and providers differ in which one they use.");
        _seenNested |= member;
    }

    /// <summary>Looks at a text below the top: a tool's kind, its name where it belongs one level deeper, a tier in an object.</summary>
    private void SeeText(PromptMember container, PromptMember member, ReadOnlySpan<byte> value)
    {
        switch (container)
        {
            case PromptMember.Tools when member == PromptMember.Name:
                _hasFlatTools = true;
                break;
            case PromptMember.Tools when member == PromptMember.Type:
                if (value.SequenceEqual("custom"u8)) _hasCustomTools = true;
                if (!PricedWords.IsOwnTool(value)) AskForTool(PricedWords.HostedTool(endpoint.Format, value));
                break;
            case PromptMember.ServiceTier:
                AskForTier(value, "serviceTier");
                break;
            case PromptMember.Latency when value.SequenceEqual("optimized"u8):
                _terms = _terms with { Speed = ServedTerms.Speed(value) };
                break;
            case PromptMember.Latency when !value.SequenceEqual("standard"u8):
                Refuse("performanceConfig", "Latencies other than the standard one have no price here.");
                break;
        }
    }

    private void AskForTier(ReadOnlySpan<byte> tier, string name)
    {
        if (PricedWords.IsTier(tier)) return;
        if (ServedTerms.Tier(tier) is { } word) _terms = _terms with { Tier = word };
        else Refuse(name, "Service tiers other than the default have no price here.");
    }

    private void AskForTool(HostedTools? tool)
    {
        _hasHostedTools = true;
        _hosted++;
        if (tool is null) Refuse("tools", "A tool that the provider runs is billed separately and has no price here. Use your own functions instead.");
        else if (tool == HostedTools.None) _hasLongFindings = true;
        else _terms = _terms with { Tools = _terms.Tools | tool.Value };
    }

    private void Fail(string member, string message) => _fault ??= new RequestFault(member, message);

    private void Refuse(string member, string message) => _unpriced ??= new RequestFault(member, message);

    private static bool IsEmpty(Utf8JsonReader ahead, JsonTokenType token)
    {
        if (token is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) return token == JsonTokenType.False;
        ahead.Read();
        ahead.Read();
        return ahead.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject;
    }

    /// <summary>Whether the member ahead is there: not null, and no empty list.</summary>
    private static bool HasContent(Utf8JsonReader ahead)
    {
        ahead.Read();
        return ahead.TokenType != JsonTokenType.Null
            && (ahead.TokenType != JsonTokenType.StartArray || (ahead.Read() && ahead.TokenType != JsonTokenType.EndArray));
    }

    /// <summary>How many elements the list ahead has; 0 where it is no list. A list of numbers is one text's tokens where they are taken so.</summary>
    private static long Count(Utf8JsonReader ahead, bool isNumberOne)
    {
        ahead.Read();
        if (ahead.TokenType != JsonTokenType.StartArray) return 0;
        var count = 0L;
        while (ahead.Read() && ahead.TokenType != JsonTokenType.EndArray)
        {
            if (isNumberOne && ahead.TokenType == JsonTokenType.Number) return 1;
            count++;
            ahead.Skip();
        }

        return count;
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
        if (container == PromptMember.Tools && member == PromptMember.MostUses && reader.TokenType == JsonTokenType.Number
            && reader.TryGetInt64(out var uses) && uses > 0)
        {
            _limited++;
            _toolCalls += Math.Min(uses, AskedTerms.MostToolCalls);
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

    /// <summary>Members below the top that may stand once only.</summary>
    [Flags]
    private enum NestedMembers : byte
    {
        IncludeUsage = 1,
        MaxOutput = 2,
        Candidates = 4,
    }
}
