using System.Text.Json;
using Lava.Core.Formats.UsageReaders;

namespace Lava.Core.Formats.Requests;

/// <summary>What a request asks for that may change its price, gathered while it is read.</summary>
internal struct PricedAsk
{
    /// <summary>The side of an image at the price of the plain ones, pixels.</summary>
    private const long MostPlainSide = 1_024;

    /// <summary>Steps of diffusion that an image's price includes.</summary>
    private const long MostPlainSteps = 4;

    private bool _hasLongFindings;
    private int _hosted;
    private int _limited;
    private long _toolCalls;
    private long? _mostToolCalls;
    private AskedTerms _terms;

    /// <summary>The first thing that no price covers; null where there is none.</summary>
    public RequestFault? Unpriced { get; private set; }

    /// <summary>The first thing that makes an image dearer than a price by the image covers; null where there is none.</summary>
    public RequestFault? DearImage { get; private set; }

    /// <summary>Pixels of an image that is asked for; 0 where none are named.</summary>
    public long Pixels { get; private set; }

    /// <summary>Whether the provider is to run tools.</summary>
    public readonly bool HasTools => _hosted > 0;

    /// <summary>Whether the provider is to run tools, and all of them find little text.</summary>
    public readonly bool HasShortFindingsOnly => _hosted > 0 && !_hasLongFindings;

    /// <summary>Tier, speed, region and tools that have a price somewhere.</summary>
    public readonly AskedTerms Terms => _terms with { ToolCallLimit = ToolCallLimit };

    /// <summary>Most calls of the provider's tools, by the limit of each tool and of all; null where one has none.</summary>
    private readonly long? ToolCallLimit
    {
        get
        {
            var each = _hosted > 0 && _limited >= _hosted ? _toolCalls : (long?)null;
            return each is null || _mostToolCalls < each ? _mostToolCalls : each;
        }
    }

    /// <summary>Reads a member that may change the price.</summary>
    public PromptMember Read(ref Utf8JsonReader reader, RootMember member, string name)
    {
        var token = JsonAhead.Next(ref reader);
        if (token == JsonTokenType.Null) return PromptMember.Other;
        var text = token == JsonTokenType.String ? reader.ValueSpan : default;
        switch (member)
        {
            case RootMember.ServiceTier:
                if (token == JsonTokenType.StartObject) return PromptMember.ServiceTier;
                Tier(text, name);
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
                if (!JsonAhead.IsEmpty(reader, token)) Refuse(name, $"{name} has no price here.");
                break;
            case RootMember.Size:
                Pixels = Math.Max(Pixels, PricedWords.PixelsOf(text));
                if (!PricedWords.IsPlainSize(text)) DearImage ??= new RequestFault(name, "Only images of up to 1024x1024 have a price here.");
                break;
            case RootMember.Quality:
                if (!PricedWords.IsPlainQuality(text)) DearImage ??= new RequestFault(name, "Only images of the standard quality have a price here.");
                break;
            case RootMember.Pixels:
                if (token != JsonTokenType.Number || !reader.TryGetInt64(out var side) || side > MostPlainSide)
                    DearImage ??= new RequestFault(name, "Only images of up to 1024x1024 have a price here.");
                break;
            case RootMember.Steps:
                if (token != JsonTokenType.Number || !reader.TryGetInt64(out var steps) || steps > MostPlainSteps)
                    DearImage ??= new RequestFault(name, "Only images of up to 4 steps have a price here.");
                break;
        }

        return PromptMember.Other;
    }

    /// <summary>Takes a service tier.</summary>
    public void Tier(ReadOnlySpan<byte> tier, string name)
    {
        if (PricedWords.IsTier(tier)) return;
        if (ServedTerms.Tier(tier) is { } word) _terms = _terms with { Tier = word };
        else Refuse(name, "Service tiers other than the default have no price here.");
    }

    /// <summary>Takes a tool that the provider runs; null for one without any price.</summary>
    public void Tool(HostedTools? tool)
    {
        _hosted++;
        if (tool is null) Refuse("tools", "A tool that the provider runs is billed separately and has no price here. Use your own functions instead.");
        else if (tool == HostedTools.None) _hasLongFindings = true;
        else _terms = _terms with { Tools = _terms.Tools | tool.Value };
    }

    /// <summary>Takes the most calls of one tool.</summary>
    public void LimitTool(long uses)
    {
        _limited++;
        _toolCalls += Math.Min(uses, AskedTerms.MostToolCalls);
    }

    /// <summary>Takes the most calls of all tools.</summary>
    public void LimitTools(long calls) => _mostToolCalls = calls;

    /// <summary>Takes Bedrock's latency.</summary>
    public void Latency(ReadOnlySpan<byte> latency)
    {
        if (latency.SequenceEqual("optimized"u8)) _terms = _terms with { Speed = ServedTerms.Speed(latency) };
        else if (!latency.SequenceEqual("standard"u8)) Refuse("performanceConfig", "Latencies other than the standard one have no price here.");
    }

    /// <summary>Takes something that no price covers.</summary>
    public void Refuse(string member, string message) => Unpriced ??= new RequestFault(member, message);
}
