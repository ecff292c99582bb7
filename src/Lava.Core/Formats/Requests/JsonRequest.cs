using System.Collections.Frozen;
using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Core.Formats.Requests;

/// <summary>Reads a JSON request of any format: members at the top are its format's own, what is nested has names that do not collide.</summary>
internal ref struct JsonRequest(ProviderEndpoint endpoint)
{
    private const long MostChoices = 1_000_000;

    /// <summary>How deep the members of an item of an input stand.</summary>
    private const int DepthOfItem = 3;

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
    private PricedAsk _asked;

    private readonly bool IsOpenAiChat => endpoint is { Kind: EndpointKind.Chat, Format: WireFormat.OpenAiChat or WireFormat.OpenAiResponses };

    public readonly RequestFacts Facts(int bodyLength) => new()
    {
        Model = _modelIsInvalid ? null : _model,
        ModelIsInvalid = _modelIsInvalid,
        Stream = _stream,
        AsksForUsage = _asksForUsage,
        MaxOutputTokens = _maxOutput,
        MaxCompletionTokens = _maxCompletion,
        Fault = _fault,
        Unpriced = _asked.Unpriced,
        DearImage = _asked.DearImage,
        ImagePixels = _asked.Pixels,
        Terms = _asked.Terms,
        HasHostedTools = _asked.HasTools,
        HasOnlyFindingsUnseen = _asked.HasShortFindingsOnly && !_isUnseen && !_media.HasUnseen,
        Choices = Math.Min(_choices * _prompts, MostChoices),
        Documents = _documents,
        QueryBytes = _queryBytes,
        HasTemperature = _hasTemperature,
        PromptBytes = bodyLength - _media.EncodedBytes,
        MediaParts = _media.Parts,
        MediaBytes = _media.DocumentBytes,

        // A recording is a file of a form. JSON can only refer to one.
        HasUnseenInput = _isUnseen || _media.HasUnseen || _asked.HasTools || endpoint.Kind == EndpointKind.Transcription,
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
                var stream = JsonAhead.Next(ref reader);
                _stream = stream == JsonTokenType.True;
                if (stream is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)) Fail(name!, "stream must be true or false.");
                break;
            case RootMember.StreamOptions:
                if (JsonAhead.Next(ref reader) is not (JsonTokenType.StartObject or JsonTokenType.Null)) Fail(name!, "stream_options must be an object.");
                return PromptMember.StreamOptions;
            case RootMember.MaxOutput:
                if (JsonAhead.Next(ref reader) == JsonTokenType.Number) TakeMaxOutput(ref reader);
                break;
            case RootMember.MaxCompletion:
                if (JsonAhead.Next(ref reader) == JsonTokenType.Number && reader.TryGetInt64(out var most) && most > 0) _maxCompletion = most;
                break;
            case RootMember.Choices or RootMember.BestOf:
                if (JsonAhead.Next(ref reader) == JsonTokenType.Number) TakeChoices(ref reader);
                break;
            case RootMember.Prompts:
                _prompts = Math.Max(1, JsonAhead.Count(reader, isNumberOne: true));
                break;
            case RootMember.Documents:
                _documents = JsonAhead.Count(reader, isNumberOne: false);
                break;
            case RootMember.Query:
                if (JsonAhead.Next(ref reader) == JsonTokenType.String) _queryBytes = reader.ValueSpan.Length;
                break;
            case RootMember.MostToolCalls:
                if (JsonAhead.Next(ref reader) == JsonTokenType.Number && reader.TryGetInt64(out var calls) && calls >= 0) _asked.LimitTools(calls);
                break;
            case RootMember.Spoken:
                if (endpoint.Kind == EndpointKind.Speech && JsonAhead.Next(ref reader) == JsonTokenType.String) _characters += JsonAhead.Characters(ref reader);
                break;
            case RootMember.Kept:
                if (JsonAhead.Next(ref reader) is JsonTokenType.String or JsonTokenType.StartObject) _isUnseen = true;
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
                return _asked.Read(ref reader, member, name!);
        }

        return PromptMember.Other;
    }

    private PromptMember ReadOther(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("messages"u8)) _hasMessages |= JsonAhead.HasContent(reader);
        else if (reader.ValueTextEquals("input"u8)) _hasInput |= JsonAhead.HasContent(reader);
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
                if (JsonAhead.Next(ref reader) is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
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
                _asked.Tool(PricedWords.HostedTool(endpoint.Format, reader.ValueSpan));
                break;
            case PromptMember.Tools when reader.ValueTextEquals("container"u8):
                member = PromptMember.Container;
                break;
            case PromptMember.Container when reader.ValueTextEquals("memory_limit"u8):
                // The price is that of the smallest (platform.openai.com, Pricing).
                _asked.Refuse("tools", "Only containers of the default size have a price here.");
                break;
            case PromptMember.ModelFields when PricedWords.IsHiddenField(reader.ValueSpan):
                _asked.Refuse(
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
                if (!PricedWords.IsOwnTool(value)) _asked.Tool(PricedWords.HostedTool(endpoint.Format, value));
                break;
            case PromptMember.ServiceTier:
                _asked.Tier(value, "serviceTier");
                break;
            case PromptMember.Latency:
                _asked.Latency(value);
                break;
        }
    }

    private void Fail(string member, string message) => _fault ??= new RequestFault(member, message);

    private void ReadModel(ref Utf8JsonReader reader)
    {
        if (JsonAhead.Next(ref reader) != JsonTokenType.String)
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
            _asked.LimitTool(uses);
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

    /// <summary>Members below the top that may stand once only.</summary>
    [Flags]
    private enum NestedMembers : byte
    {
        IncludeUsage = 1,
        MaxOutput = 2,
        Candidates = 4,
    }
}
