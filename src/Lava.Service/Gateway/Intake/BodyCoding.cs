using System.IO.Compression;
using System.Runtime.InteropServices;
using Lava.Service.Api.Errors;
using Microsoft.Extensions.Primitives;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Lava.Service.Gateway.Intake;

/// <summary>Undoes the content coding of a request's body (RFC 9110 §8.4), within the limits of bodies.</summary>
internal static class BodyCoding
{
    /// <summary>The codings that are known, as <c>Accept-Encoding</c> names them.</summary>
    public const string Known = "gzip, br, zstd, deflate";

    /// <summary>More codings than this, one over the other, serve nobody but who means harm.</summary>
    private const int MostCodings = 2;

    /// <summary>The largest window that zstd may have over HTTP, 8 MB, as a power of 2 (RFC 9659 §3).</summary>
    private const int LargestWindow = 23;

    private const int FirstBytes = 16 * 1_024;

    /// <summary>Reads the header <c>Content-Encoding</c>.</summary>
    /// <param name="header">The header.</param>
    /// <param name="codings">The codings in the order in which they are undone; empty for none.</param>
    /// <returns>Whether all of them are known.</returns>
    public static bool TryRead(StringValues header, out IReadOnlyList<string> codings)
    {
        codings = [];
        if (header.Count == 0) return true;
        string[] applied =
        [
            .. header.ToString()
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(coding => coding.ToLowerInvariant())
                .Where(coding => coding != "identity"),
        ];
        Array.Reverse(applied);
        codings = applied;
        return applied.Length <= MostCodings && applied.All(coding => coding is "gzip" or "x-gzip" or "br" or "zstd" or "deflate");
    }

    /// <summary>Decodes a body into room of its own and gives back the room of the encoded one.</summary>
    /// <param name="coding">A coding that is known.</param>
    /// <param name="body">The encoded body, whose bytes the place has taken.</param>
    /// <param name="place">Where its room is.</param>
    /// <param name="limit">Most bytes of the decoded body: one that has more is refused as soon as it has.</param>
    public static (ReadOnlyMemory<byte> Body, ApiError? Error) Decode(string coding, ReadOnlyMemory<byte> body, BodyRoom.Place place, int limit)
    {
        if (place.TryTake(FirstBytes) is { } none) return (default, none);
        var buffer = GC.AllocateUninitializedArray<byte>(FirstBytes);
        var length = 0;
        try
        {
            using var encoded = MemoryMarshal.TryGetArray(body, out var bytes) && bytes.Array is { } array
                ? new MemoryStream(array, bytes.Offset, bytes.Count, writable: false)
                : new MemoryStream(body.ToArray(), writable: false);
            using var decoder = Open(coding, encoded);
            while (true)
            {
                var read = decoder.Read(buffer, length, buffer.Length - length);
                length += read;
                if (length > limit) return (default, ApiError.TooLarge(limit));
                if (read == 0) break;
                if (length < buffer.Length) continue;

                // One byte over the limit tells that it is too long.
                var size = (int)Math.Min(2L * buffer.Length, limit + 1L);
                if (place.TryTake(size - buffer.Length) is { } refused) return (default, refused);
                Array.Resize(ref buffer, size);
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or InvalidOperationException or IOException or ZstdException)
        {
            return (default, ApiError.EncodingInvalid(coding));
        }

        place.GiveBack(body.Length);
        return (buffer.AsMemory(0, length), null);
    }

    private static Stream Open(string coding, Stream encoded)
    {
        if (coding is "gzip" or "x-gzip") return new GZipStream(encoded, CompressionMode.Decompress);
        if (coding == "br") return new BrotliStream(encoded, CompressionMode.Decompress);
        if (coding == "deflate") return new ZLibStream(encoded, CompressionMode.Decompress);
        var zstd = new DecompressionStream(encoded);
        zstd.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindow);
        return zstd;
    }
}
