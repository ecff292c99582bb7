using System.Buffers.Binary;

namespace Lava.Core.Formats.Requests;

/// <summary>Reads the length of an MP4 or M4A file (ISO/IEC 14496-12) with AAC by its samples: each is a frame of 1,024 samples, the table of their sizes says
/// how many a decoder finds, and the decoder's own configuration at what rate. What the movie's and the tracks' headers say of the length counts
/// nowhere.</summary>
internal static class Mp4AudioLength
{
    private const ulong SamplesPerFrame = 1_024;

    /// <summary>The highest bit rate of AAC, bytes a second: a file cannot be shorter than its bytes take at it.</summary>
    private const ulong MostBytesPerSecond = 64_000;

    private static ReadOnlySpan<uint> Rates => [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

    public static decimal? Read(ReadOnlySpan<byte> file)
    {
        var movie = Box(file, "moov"u8, 0);
        decimal? longest = null;
        for (var skipped = 0; skipped < 8; skipped++)
        {
            var track = Box(movie, "trak"u8, skipped);
            if (track.IsEmpty) break;
            if (Track(track) is { } seconds) longest = Math.Max(seconds, longest ?? 0);
        }

        // What stands in fragments is in no table.
        if (longest is null || !Box(file, "moof"u8, 0).IsEmpty) return null;
        return Math.Max(longest.Value, AudioLength.Seconds((ulong)Box(file, "mdat"u8, 0).Length, MostBytesPerSecond) ?? 0);
    }

    private static decimal? Track(ReadOnlySpan<byte> track)
    {
        var table = Box(Box(Box(track, "mdia"u8, 0), "minf"u8, 0), "stbl"u8, 0);
        var sizes = Box(table, "stsz"u8, 0);
        var entries = Box(table, "stsd"u8, 0);
        if (sizes.Length < 12 || entries.Length < 8 + 8 + 28) return null;
        var entry = entries[8..];
        return entry[4..8].SequenceEqual("mp4a"u8)
            ? AudioLength.Seconds(BinaryPrimitives.ReadUInt32BigEndian(sizes[8..]) * SamplesPerFrame, RateOf(entry))
            : null;
    }

    /// <summary>The sample rate of the decoder's configuration: an audio object type of 5 bits and an index of 4 (ISO/IEC 14496-3 §1.6.2.1); 0 where it is not
    /// told so plainly.</summary>
    private static ulong RateOf(ReadOnlySpan<byte> entry)
    {
        // Tag 5 is the configuration; its length may be padded with bytes of 0x80.
        var descriptor = entry.IndexOf("esds"u8);
        if (descriptor < 0) return 0;
        var rest = entry[descriptor..];
        for (var at = 8; at + 3 < rest.Length; at++)
        {
            if (rest[at] != 5) continue;
            var length = at + 1;
            while (length < rest.Length && rest[length] == 0x80) length++;
            if (length + 2 >= rest.Length || rest[length] is < 2 or > 64) continue;
            var configuration = BinaryPrimitives.ReadUInt16BigEndian(rest[(length + 1)..]);
            var index = (configuration >> 7) & 15;
            if (configuration >> 11 is > 0 and < 31 && index < Rates.Length) return Rates[index];
        }

        return 0;
    }

    /// <summary>The content of a box; empty where there is none.</summary>
    private static ReadOnlySpan<byte> Box(ReadOnlySpan<byte> boxes, ReadOnlySpan<byte> type, int skipped)
    {
        while (boxes.Length >= 8)
        {
            ulong size = BinaryPrimitives.ReadUInt32BigEndian(boxes);
            var head = 8;
            if (size == 1 && boxes.Length >= 16)
            {
                size = BinaryPrimitives.ReadUInt64BigEndian(boxes[8..]);
                head = 16;
            }
            else if (size == 0) size = (ulong)boxes.Length;

            if (size < (ulong)head) return default;
            var isWhole = size <= (ulong)boxes.Length;
            if (boxes[4..8].SequenceEqual(type) && skipped-- == 0) return isWhole ? boxes[head..(int)size] : default;
            if (!isWhole) return default;
            boxes = boxes[(int)size..];
        }

        return default;
    }
}
