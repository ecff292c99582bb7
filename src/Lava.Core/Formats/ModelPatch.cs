using System.Text.Json;

namespace Lava.Core.Formats;

/// <summary>Puts another model into a request and leaves every other byte as it is.</summary>
public static class ModelPatch
{
    /// <summary>The patched body; the same memory where it names that model already.</summary>
    /// <param name="body">A JSON object that <see cref="RequestReader"/> has accepted, so that it has the member once at most.</param>
    /// <param name="model">The model.</param>
    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body, string model)
    {
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = RequestReader.MaxDepth });
        reader.Read();
        byte[] literal = [(byte)'"', .. JsonEncodedText.Encode(model).EncodedUtf8Bytes, (byte)'"'];
        if (!BodyMember.TryFind(ref reader, "model"u8, out var open, out var isEmpty))
            return BodySplice.Apply(body, open, 0, [.. "\"model\":"u8, .. literal, .. isEmpty ? ""u8 : ","u8]);
        if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(model)) return body;
        var at = (int)reader.TokenStartIndex;
        reader.Skip();
        return BodySplice.Apply(body, at, (int)reader.BytesConsumed - at, literal);
    }
}
