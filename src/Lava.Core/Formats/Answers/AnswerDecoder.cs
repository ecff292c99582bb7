using System.Buffers;
using System.IO.Compression;

namespace Lava.Core.Formats.Answers;

/// <summary>Decodes an encoded answer piece by piece, as it is fed.</summary>
internal abstract class AnswerDecoder : IDisposable
{
    /// <summary>A decoder for an HTTP content coding; null for one that is not known.</summary>
    public static AnswerDecoder? Create(string encoding) => encoding.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => new InflatingDecoder(static feed => new GZipStream(feed, CompressionMode.Decompress)),
        "deflate" => new InflatingDecoder(Deflate),
        "br" => new BrotliAnswerDecoder(),
        _ => null,
    };

    /// <summary>Takes the next encoded bytes; what can be decoded of them is asked for with <see cref="Decode"/>.</summary>
    public abstract void Feed(ReadOnlySpan<byte> encoded);

    /// <summary>Decodes into a buffer; returns how many bytes, 0 when more must be fed first.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of this coding.</exception>
    public abstract int Decode(Span<byte> decoded);

    public abstract void Dispose();

    // HTTP's "deflate" is zlib's format; some servers send it bare. A zlib header is a multiple of 31 with 8 in its low half-byte.
    private static Stream Deflate(FeedStream feed)
    {
        var head = feed.Peek();
        return head.Length > 1 && (head[0] & 0x0F) == 8 && ((head[0] << 8) | head[1]) % 31 == 0
            ? new ZLibStream(feed, CompressionMode.Decompress)
            : new DeflateStream(feed, CompressionMode.Decompress);
    }

    private sealed class InflatingDecoder(Func<FeedStream, Stream> open) : AnswerDecoder
    {
        // The coding is recognised by its first two bytes, so it is not opened with fewer.
        private const int HeadBytes = 2;

        private readonly FeedStream _feed = new();
        private Stream? _inflater;

        public override void Feed(ReadOnlySpan<byte> encoded) => _feed.Append(encoded);

        public override int Decode(Span<byte> decoded)
        {
            if (_inflater is null && _feed.Peek().Length < HeadBytes) return 0;
            return (_inflater ??= open(_feed)).Read(decoded);
        }

        public override void Dispose()
        {
            _inflater?.Dispose();
            _feed.Dispose();
        }
    }

    private sealed class BrotliAnswerDecoder : AnswerDecoder
    {
        private readonly HeldBytes _encoded = new();
        private BrotliDecoder _decoder;

        public override void Feed(ReadOnlySpan<byte> encoded) => _encoded.Append(encoded);

        public override int Decode(Span<byte> decoded)
        {
            var status = _decoder.Decompress(_encoded.Span, decoded, out var consumed, out var written);
            if (status == OperationStatus.InvalidData) throw new InvalidDataException();
            var rest = status == OperationStatus.Done ? 0 : _encoded.Length - consumed;
            _encoded.Keep(rest);
            return written;
        }

        public override void Dispose()
        {
            _decoder.Dispose();
            _encoded.Dispose();
        }
    }
}
