using System.Buffers;
using System.Text.Json;

namespace Lava.Core.Formats;

/// <summary>Puts another model into a request of Google's that names it beside the address: in <c>model</c>, in each of <c>requests</c>, in
/// <c>generateContentRequest</c>. A request that names none stays as it is.</summary>
public static class GeminiModelPatch
{
    /// <summary>The patched body; the same memory where nothing had to change.</summary>
    /// <param name="body">A JSON object that <see cref="RequestReader"/> has accepted.</param>
    /// <param name="model">The model.</param>
    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body, string model)
    {
        byte[] literal = [(byte)'"', .. JsonEncodedText.Encode("models/" + model).EncodedUtf8Bytes, (byte)'"'];
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = RequestReader.MaxDepth });
        ArrayBufferWriter<byte>? output = null;
        var kept = 0;
        while (reader.Read())
        {
            // Deeper, only what stands in these two names a model; a prompt may have members of any name.
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (!reader.ValueTextEquals("model"u8))
            {
                var isInside = reader.CurrentDepth == 1 && (reader.ValueTextEquals("requests"u8) || reader.ValueTextEquals("generateContentRequest"u8));
                if (isInside) continue;
                reader.Read();
                reader.Skip();
                continue;
            }

            reader.Read();
            var at = (int)reader.TokenStartIndex;
            reader.Skip();
            if (body.Span[at..(int)reader.BytesConsumed].SequenceEqual(literal)) continue;
            output ??= new ArrayBufferWriter<byte>(body.Length + literal.Length);
            output.Write(body.Span[kept..at]);
            output.Write(literal);
            kept = (int)reader.BytesConsumed;
        }

        if (output is null) return body;
        output.Write(body.Span[kept..]);
        return output.WrittenMemory;
    }
}
