using System.Buffers.Binary;

namespace Lava.Core.Formats.Requests;

/// <summary>Reads the length of a FLAC file by its frames (RFC 9639 §9): each begins with a header that has a checksum and says how many samples follow. They
/// are found without decoding what lies between, where bytes may look like a header once in some ten megabytes.</summary>
internal static class FlacAudioLength
{
    private const int MetadataStart = 4;

    /// <summary>The longest header: sync and codes 4 bytes, coded number 7, block size 2, rate 2, checksum 1.</summary>
    private const int MaxHeader = 16;

    public static decimal? Read(ReadOnlySpan<byte> file)
    {
        // STREAMINFO is always first: 20 bits of sample rate from its 11th byte on.
        if (file.Length < 42 || (file[MetadataStart] & 0x7F) != 0) return null;
        var rate = BinaryPrimitives.ReadUInt64BigEndian(file[18..]) >> 44;
        var at = FramesStart(file);
        ulong samples = 0;
        while (at >= 0 && at + MaxHeader < file.Length)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0) break;
            at += next;
            if (at + MaxHeader <= file.Length && FrameSamples(file.Slice(at, MaxHeader), out var length) is { } count)
            {
                samples += count;
                at += length;
            }
            else at++;
        }

        return AudioLength.Seconds(samples, rate);
    }

    private static int FramesStart(ReadOnlySpan<byte> file)
    {
        var at = MetadataStart;
        while (at + 4 <= file.Length)
        {
            var isLast = (file[at] & 0x80) != 0;
            at += 4 + ((file[at + 1] << 16) | (file[at + 2] << 8) | file[at + 3]);
            if (isLast) return at;
        }

        return -1;
    }

    /// <summary>How many samples of each channel a frame has; null where no header is.</summary>
    private static uint? FrameSamples(ReadOnlySpan<byte> header, out int length)
    {
        length = 0;
        if ((header[1] & 0xFE) != 0xF8) return null;
        var (size, rate) = (header[2] >> 4, header[2] & 15);
        if (size == 0 || rate == 15 || header[3] >> 4 > 10 || (header[3] & 1) != 0) return null;
        var number = NumberLength(header[4]);
        if (number == 0) return null;
        var at = 4 + number;
        uint samples = size switch
        {
            1 => 192,
            < 6 => 576u << (size - 2),
            6 => header[at++] + 1u,
            7 => BinaryPrimitives.ReadUInt16BigEndian(header[((at += 2) - 2)..]) + 1u,
            _ => 256u << (size - 8),
        };
        at += rate switch { 12 => 1, 13 or 14 => 2, _ => 0 };
        if (at >= MaxHeader || Checksum(header[..at]) != header[at]) return null;
        length = at + 1;
        return samples;
    }

    // Coded as UTF-8 is, up to seven bytes.
    private static int NumberLength(byte first) =>
        first < 0x80
            ? 1
            : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : first < 0xFC ? 5 : first < 0xFE ? 6 : first == 0xFE ? 7 : 0;

    /// <summary>CRC-8 with the polynomial x^8 + x^2 + x + 1.</summary>
    private static byte Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        foreach (var b in bytes)
        {
            sum ^= b;
            for (var bit = 0; bit < 8; bit++) sum = (sum & 0x80) != 0 ? ((sum << 1) ^ 0x07) & 0xFF : sum << 1;
        }

        return (byte)sum;
    }
}
