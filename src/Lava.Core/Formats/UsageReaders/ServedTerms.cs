using System.Text;
using System.Text.Json;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Reads on which terms an answer says that it was served: words that change its price. Those of ordinary service are null, and so is what is no
/// word.</summary>
internal static class ServedTerms
{
    private const int MaxWord = 32;

    /// <summary>A service tier, as JSON: OpenAI's and Groq's <c>service_tier</c>, Anthropic's, Bedrock's, Gemini's, or Vertex AI's traffic type.</summary>
    public static string? Tier(ReadOnlySpan<byte> json) => Word(json) switch
    {
        null or "default" or "standard" or "auto" or "on_demand" or "unspecified" or "traffic_type_unspecified" => null,
        "on_demand_priority" => "priority",
        "on_demand_flex" => "flex",
        { } tier => tier,
    };

    /// <summary>A speed, as JSON: Anthropic's <c>speed</c>, Bedrock's <c>latency</c>.</summary>
    public static string? Speed(ReadOnlySpan<byte> json) => Word(json) switch
    {
        null or "standard" => null,
        "optimized" => "fast",
        { } speed => speed,
    };

    /// <summary>A region, as JSON: Anthropic's <c>inference_geo</c>.</summary>
    public static string? Geo(ReadOnlySpan<byte> json) => Word(json) switch
    {
        null or "global" or "not_available" => null,
        { } geo => geo,
    };

    /// <summary>Whether a value names one of the terms, the ordinary one too. <c>auto</c> leaves it open.</summary>
    public static bool IsNamed(ReadOnlySpan<byte> json)
    {
        var word = json.Trim((byte)'"');
        return !word.IsEmpty && !word.SequenceEqual("null"u8) && !word.SequenceEqual("auto"u8);
    }

    /// <summary>The value after a member's name, as JSON where it is a string; empty where it is none. What the ordinary terms are called costs no
    /// allocation.</summary>
    public static ReadOnlySpan<byte> Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && !reader.HasValueSequence) return reader.ValueSpan;
        reader.Skip();
        return default;
    }

    // Names that every answer carries are not made into strings.
    private static string? Word(ReadOnlySpan<byte> json)
    {
        json = json.Trim((byte)'"');
        if (json.IsEmpty || json.Length > MaxWord || json.SequenceEqual("default"u8) || json.SequenceEqual("standard"u8) || json.SequenceEqual("null"u8)
            || json.SequenceEqual("on_demand"u8) || json.SequenceEqual("global"u8) || json.SequenceEqual("not_available"u8)) return null;
        foreach (var c in json)
        {
            if (!char.IsAsciiLetterOrDigit((char)c) && c is not ((byte)'_' or (byte)'-' or (byte)'.')) return null;
        }

        return Encoding.ASCII.GetString(json).ToLowerInvariant();
    }
}
