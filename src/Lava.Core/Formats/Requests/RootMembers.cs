using System.Collections.Frozen;
using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Core.Formats.Requests;

/// <summary>Tells the members at the top of a request by their names, for each format its own: what one format calls a limit is nothing to another, and must
/// not bound its calls.</summary>
internal static class RootMembers
{
    /// <summary>The longest name of the tables is shorter.</summary>
    private const int MaxName = 40;

    private static readonly FrozenDictionary<string, (string Name, RootMember Member)> Chat = Table(
        ("model", RootMember.Model), ("stream", RootMember.Stream), ("stream_options", RootMember.StreamOptions), ("max_tokens", RootMember.MaxOutput),
        ("max_completion_tokens", RootMember.MaxCompletion), ("n", RootMember.Choices), ("tools", RootMember.Tools), ("service_tier", RootMember.ServiceTier),
        ("web_search_options", RootMember.Extra),
        ("search_parameters", RootMember.Extra),
        ("search_settings", RootMember.Extra),
        ("compound_custom", RootMember.Extra),
        ("models", RootMember.Extra), ("route", RootMember.Extra), ("provider", RootMember.Extra), ("plugins", RootMember.Extra), ("preset", RootMember.Extra));

    private static readonly FrozenDictionary<string, (string Name, RootMember Member)> Completion = Table(
        ("model", RootMember.Model), ("stream", RootMember.Stream), ("stream_options", RootMember.StreamOptions), ("max_tokens", RootMember.MaxOutput),
        ("n", RootMember.Choices), ("best_of", RootMember.BestOf), ("prompt", RootMember.Prompts), ("service_tier", RootMember.ServiceTier),
        ("models", RootMember.Extra), ("route", RootMember.Extra), ("provider", RootMember.Extra), ("plugins", RootMember.Extra), ("preset", RootMember.Extra));

    private static readonly FrozenDictionary<string, (string Name, RootMember Member)> Rerank = Table(
        ("model", RootMember.Model), ("documents", RootMember.Documents), ("query", RootMember.Query));

    private static readonly FrozenDictionary<string, (string Name, RootMember Member)> Responses = Table(
        ("model", RootMember.Model),
        ("stream", RootMember.Stream),
        ("max_output_tokens", RootMember.MaxOutput),
        ("max_tool_calls", RootMember.MostToolCalls),
        ("tools", RootMember.Tools),
        ("service_tier", RootMember.ServiceTier),
        ("background", RootMember.Background), ("previous_response_id", RootMember.Kept), ("conversation", RootMember.Kept), ("prompt", RootMember.Kept),
        ("search_parameters", RootMember.Extra),
        ("models", RootMember.Extra),
        ("route", RootMember.Extra),
        ("provider", RootMember.Extra),
        ("plugins", RootMember.Extra),
        ("preset", RootMember.Extra));

    private static readonly FrozenDictionary<string, (string Name, RootMember Member)> Anthropic = Table(
        ("model", RootMember.Model),
        ("stream", RootMember.Stream),
        ("max_tokens", RootMember.MaxOutput),
        ("tools", RootMember.Tools),
        ("service_tier", RootMember.ServiceTier),
        ("speed", RootMember.Speed), ("inference_geo", RootMember.Place), ("mcp_servers", RootMember.Extra), ("container", RootMember.Extra));

    private static readonly FrozenDictionary<string, (string Name, RootMember Member)> Gemini = Table(
        ("model", RootMember.Model),
        ("generationConfig", RootMember.GenerationConfig),
        ("generation_config", RootMember.GenerationConfig),
        ("cachedContent", RootMember.Kept),
        ("cached_content", RootMember.Kept), ("tools", RootMember.Tools), ("serviceTier", RootMember.ServiceTier), ("service_tier", RootMember.ServiceTier));

    private static readonly FrozenDictionary<string, (string Name, RootMember Member)> Bedrock = Table(
        ("model", RootMember.Model),
        ("inferenceConfig", RootMember.GenerationConfig),
        ("toolConfig", RootMember.ToolConfig),
        ("serviceTier", RootMember.ServiceTier),
        ("performanceConfig", RootMember.Latency), ("guardrailConfig", RootMember.Extra), ("additionalModelRequestFields", RootMember.ModelFields));

    private static readonly FrozenDictionary<string, (string Name, RootMember Member)> ElevenLabs = Table(
        ("model_id", RootMember.Model),
        ("text", RootMember.Spoken));

    private static readonly FrozenDictionary<string, (string Name, RootMember Member)> Media = Table(
        ("model", RootMember.Model), ("stream", RootMember.Stream), ("n", RootMember.Choices), ("service_tier", RootMember.ServiceTier),
        ("models", RootMember.Extra), ("route", RootMember.Extra), ("provider", RootMember.Extra), ("plugins", RootMember.Extra), ("preset", RootMember.Extra));

    private static readonly FrozenDictionary<string, (string Name, RootMember Member)> Speech = Table(
        ("model", RootMember.Model), ("stream", RootMember.Stream), ("input", RootMember.Spoken), ("service_tier", RootMember.ServiceTier));

    private static readonly FrozenDictionary<string, (string Name, RootMember Member)> Images = Table(
        ("model", RootMember.Model),
        ("stream", RootMember.Stream),
        ("n", RootMember.Choices),
        ("service_tier", RootMember.ServiceTier),
        ("size", RootMember.Size),
        ("quality", RootMember.Quality),
        ("width", RootMember.Pixels),
        ("height", RootMember.Pixels),
        ("steps", RootMember.Steps),
        ("resolution", RootMember.Quality));

    /// <summary>The members of an endpoint's requests.</summary>
    public static FrozenDictionary<string, (string Name, RootMember Member)> Of(ProviderEndpoint endpoint) => endpoint.Format switch
    {
        WireFormat.OpenAiChat => endpoint.Kind == EndpointKind.Completion ? Completion : Chat,
        WireFormat.OpenAiResponses => Responses,
        WireFormat.Anthropic => Anthropic,
        WireFormat.Gemini => Gemini,
        WireFormat.BedrockConverse => Bedrock,
        WireFormat.ElevenLabs => ElevenLabs,
        WireFormat.Rerank => Rerank,
        _ => endpoint.Kind switch { EndpointKind.Speech => Speech, EndpointKind.Images => Images, _ => Media },
    };

    /// <summary>Finds the member at whose name the reader stands.</summary>
    /// <param name="table">The members of the endpoint's requests.</param>
    /// <param name="reader">Stands at a name.</param>
    /// <param name="name">The member's name as it is documented; null for any other member.</param>
    /// <param name="isExact">Whether it is spelt so. Hosts written in Go take any case, others do not see such a member.</param>
    public static RootMember Find(
        FrozenDictionary<string, (string Name, RootMember Member)> table,
        ref Utf8JsonReader reader,
        out string? name,
        out bool isExact)
    {
        name = null;
        isExact = true;

        // An escape takes up to six bytes for a character.
        if (reader.ValueSpan.Length > MaxName * 6) return RootMember.Other;
        Span<char> text = stackalloc char[MaxName * 6];
        int length;
        try
        {
            length = reader.CopyString(text);
        }
        catch (InvalidOperationException)
        {
            return RootMember.Other;
        }

        return Find(table, text[..length], out name, out isExact);
    }

    /// <summary>Finds a member by its name.</summary>
    public static RootMember Find(
        FrozenDictionary<string, (string Name, RootMember Member)> table,
        ReadOnlySpan<char> given,
        out string? name,
        out bool isExact)
    {
        name = null;
        isExact = true;
        if (given.Length > MaxName) return RootMember.Other;
        Span<char> folded = stackalloc char[given.Length];
        for (var i = 0; i < given.Length; i++) folded[i] = Fold(given[i]);
        if (!table.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(folded, out var found)) return RootMember.Other;
        name = found.Name;
        isExact = given.SequenceEqual(found.Name);
        return found.Member;
    }

    // Go folds these two signs into letters too (encoding/json).
    private static char Fold(char c) => c switch { '\u017F' => 's', '\u212A' => 'k', _ => char.ToLowerInvariant(c) };

    private static FrozenDictionary<string, (string Name, RootMember Member)> Table(params (string Name, RootMember Member)[] members) =>
        members.ToFrozenDictionary(member => member.Name.ToLowerInvariant(), member => (member.Name, member.Member), StringComparer.Ordinal);
}
