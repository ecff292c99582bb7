using System.Text.Json;

namespace Lava.Core.Formats;

/// <summary>Asks an OpenAI stream for its usage: puts <c>stream_options.include_usage</c> into a request that does not have it and leaves every other byte as
/// it is.</summary>
public static class UsageRequestPatch
{
    /// <summary>The patched body; the same memory where nothing had to change.</summary>
    /// <param name="body">A JSON object that <see cref="RequestReader"/> has accepted, so that it has the member once at most.</param>
    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = RequestReader.MaxDepth });
        reader.Read();
        if (!BodyMember.TryFind(ref reader, "stream_options"u8, out var open, out var isEmpty))
            return BodySplice.Apply(
                body,
                open,
                0,
                isEmpty ? "\"stream_options\":{\"include_usage\":true}"u8 : "\"stream_options\":{\"include_usage\":true},"u8);

        // Whatever stands there instead of an object is for the provider to refuse, save null, which means nothing.
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => PatchOptions(body, ref reader),
            JsonTokenType.Null => BodySplice.Apply(body, (int)reader.TokenStartIndex, 4, "{\"include_usage\":true}"u8),
            _ => body,
        };
    }

    private static ReadOnlyMemory<byte> PatchOptions(ReadOnlyMemory<byte> body, ref Utf8JsonReader reader)
    {
        if (!BodyMember.TryFind(ref reader, "include_usage"u8, out var open, out var isEmpty))
            return BodySplice.Apply(body, open, 0, isEmpty ? "\"include_usage\":true"u8 : "\"include_usage\":true,"u8);
        return reader.TokenType is JsonTokenType.False or JsonTokenType.Null
            ? BodySplice.Apply(body, (int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex), "true"u8)
            : body;
    }
}
