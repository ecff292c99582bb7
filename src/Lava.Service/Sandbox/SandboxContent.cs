using System.IO.Compression;
using System.Net;
using System.Text;

namespace Lava.Service.Sandbox;

/// <summary>An answer's body: its chunks one after another, with the delays and faults that were asked for. Nothing runs unless somebody reads.</summary>
internal sealed class SandboxContent : HttpContent
{
    private readonly IEnumerable<byte[]> _chunks;
    private readonly SandboxDirectives _directives;
    private readonly TimeProvider _time;
    private readonly long? _length;

    public SandboxContent(SandboxReply reply, SandboxDirectives directives, TimeProvider time)
    {
        _directives = directives;
        _time = time;
        _length = reply.Length;
        _chunks = reply.Chunks;
        if (reply.IsEvents && directives.Has("crlf")) _chunks = _chunks.Select(WithCrLf);
        if (reply.StreamError is { } error && directives["error_after"] is { } after)
            _chunks = FailAfter(_chunks, after, reply.IsEvents && directives.Has("crlf") ? WithCrLf(error) : error);
        if (!directives.Has("gzip") && !directives.Has("br")) return;
        _chunks = Packed(_chunks, directives.Has("br"));
        _length = null;
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new SandboxStream(_chunks, _directives, _time));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var answer = new SandboxStream(_chunks, _directives, _time);
        await answer.CopyToAsync(stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length ?? 0;
        return _length is not null;
    }

    private static byte[] WithCrLf(byte[] chunk) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(chunk).Replace("\n", "\r\n", StringComparison.Ordinal));

    private static IEnumerable<byte[]> FailAfter(IEnumerable<byte[]> chunks, long count, byte[] error)
    {
        foreach (var chunk in chunks)
        {
            if (count-- > 0)
            {
                yield return chunk;
                continue;
            }

            yield return error;
            yield break;
        }
    }

    /// <summary>Compresses, and flushes after each chunk so that a reader can unpack it at once.</summary>
    private static IEnumerable<byte[]> Packed(IEnumerable<byte[]> chunks, bool isBrotli)
    {
        using var packed = new MemoryStream();
        using (Stream packer = isBrotli
            ? new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)
            : new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var chunk in chunks)
            {
                packer.Write(chunk);
                packer.Flush();
                yield return Drain();
            }
        }

        yield return Drain();

        byte[] Drain()
        {
            var bytes = packed.ToArray();
            packed.SetLength(0);
            return bytes;
        }
    }
}
