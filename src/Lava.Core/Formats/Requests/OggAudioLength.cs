using System.Buffers.Binary;

namespace Lava.Core.Formats.Requests;

/// <summary>Reads the length of an Ogg file with Opus by its packets: the first byte of each says how long it plays (RFC 6716 §3.1). Positions that pages claim
/// count nowhere. Of Vorbis, whose packets do not say, the positions count where they are as far apart as so many packets of the larger size nearly
/// fill.</summary>
internal static class OggAudioLength
{
    private const int PageHead = 27;
    private const ulong OpusRate = 48_000;

    private static ReadOnlySpan<ulong> SilkFrames => [480, 960, 1_920, 2_880];

    public static decimal? Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < PageHead + 20 + file[26]) return null;
        var head = file[(PageHead + file[26])..];
        var isOpus = head.StartsWith("OpusHead"u8);
        if (!isOpus && !head.StartsWith("\u0001vorbis"u8)) return null;
        ulong samples = 0, packets = 0, position = 0;
        var isWithin = false;
        while (file.Length >= PageHead && file.StartsWith("OggS"u8))
        {
            var segments = file[26];
            if (file.Length < PageHead + segments) break;
            var granule = BinaryPrimitives.ReadUInt64LittleEndian(file[6..]);
            if (granule != ulong.MaxValue) position = Math.Max(position, granule);
            var sizes = file.Slice(PageHead, segments);
            var data = PageHead + segments;
            foreach (var size in sizes)
            {
                if (!isWithin && size > 0)
                {
                    packets++;

                    // The first two are the head and the comments.
                    if (isOpus && packets > 2 && data < file.Length) samples += OpusSamples(file[data..]);
                }

                // A packet goes on after a segment of the greatest size.
                isWithin = size == 255;
                data += size;
            }

            if (data > file.Length) break;
            file = file[data..];
        }

        if (isOpus) return AudioLength.Seconds(samples, OpusRate);
        if (head.Length < 30 || packets < 4) return null;
        var most = (packets - 3) << (head[28] >> 4 & 15) >> 1;
        return AudioLength.Seconds(position * 2 >= most ? position : most, BinaryPrimitives.ReadUInt32LittleEndian(head[12..]));
    }

    /// <summary>Samples at 48 kHz of a packet.</summary>
    private static ulong OpusSamples(ReadOnlySpan<byte> packet)
    {
        var configuration = packet[0] >> 3;

        // SILK 10 to 60 ms, hybrid 10 and 20 ms, CELT 2.5 to 20 ms.
        ulong frame = configuration < 12 ? SilkFrames[configuration & 3] : configuration < 16 ? 480ul << (configuration & 1) : 120ul << (configuration & 3);
        return (packet[0] & 3) switch { 0 => frame, 3 => packet.Length > 1 ? frame * (packet[1] & 0x3Fu) : 0, _ => frame * 2 };
    }
}
