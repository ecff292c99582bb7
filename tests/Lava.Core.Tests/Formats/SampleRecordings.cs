using System.Buffers.Binary;

namespace Lava.Core.Tests.Formats;

/// <summary>Recordings, built as their formats' documents describe them, silent, and with headers that tell what the test wants them to tell.</summary>
internal static class SampleRecordings
{
    /// <summary>RIFF WAVE, PCM of 16 bits, mono (RFC 2361): a format chunk and the samples.</summary>
    public static byte[] Wav(int rate, int seconds, int? byteRate = null, uint? size = null)
    {
        var file = new byte[44 + (rate * 2 * seconds)];
        "RIFF"u8.CopyTo(file);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        file[20] = 1;
        file[22] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), byteRate ?? rate * 2);
        file[32] = 2;
        file[34] = 16;
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), size ?? (uint)(file.Length - 44));
        return file;
    }

    /// <summary>FLAC (RFC 9639): STREAMINFO that claims so many samples, and frames of 4,096 samples at 44,100 Hz, whose subframes are left out.</summary>
    public static byte[] Flac(ulong claimed, int frames)
    {
        var file = new List<byte>([.. "fLaC"u8, 0x80, 0, 0, 34]);
        var info = new byte[34];
        BinaryPrimitives.WriteUInt64BigEndian(info.AsSpan(10), (44_100UL << 44) | (1UL << 41) | (15UL << 36) | claimed);
        file.AddRange(info);
        for (var i = 0; i < frames; i++)
        {
            // Sync, 4,096 samples (12) at the rate of STREAMINFO (0), two channels of 16 bits, the frame's number, the checksum.
            var header = new List<byte>([0xFF, 0xF8, 0xC0, 0x18]);
            if (i < 0x80) header.Add((byte)i);
            else header.AddRange([(byte)(0xC0 | (i >> 6)), (byte)(0x80 | (i & 0x3F))]);
            header.Add(Crc8([.. header]));
            file.AddRange(header);
            file.AddRange(new byte[20]);
        }

        return [.. file];
    }

    /// <summary>Ogg (RFC 3533) with Opus (RFC 7845): the head, the comments, and a page for each packet of 20 ms, the last of which claims a position.</summary>
    public static byte[] OggOpus(int packets, ulong claimed)
    {
        byte[] head = [.. "OpusHead"u8, 1, 1, 0x38, 1, 0x80, 0xBB, 0, 0, 0, 0, 0];
        var file = new List<byte>([.. Page(0, head), .. Page(0, [.. "OpusTags"u8, .. new byte[8]])]);

        // Configuration 31 is CELT, fullband, 20 ms; code 0 is one frame.
        for (var i = 0; i < packets; i++) file.AddRange(Page(i == packets - 1 ? claimed : 0, [31 << 3, 0, 0, 0]));
        return [.. file];
    }

    /// <summary>Ogg with Vorbis (Vorbis I specification §4.2.2) at 48,000 Hz, blocks of 256 and 2,048.</summary>
    public static byte[] OggVorbis(int packets, ulong claimed)
    {
        byte[] head = [1, .. "vorbis"u8, 0, 0, 0, 0, 1, 0x80, 0xBB, 0, 0, .. new byte[12], 0xB8, 1];
        var file = new List<byte>([.. Page(0, head), .. Page(0, [3, .. "vorbis"u8]), .. Page(0, [5, .. "vorbis"u8])]);
        for (var i = 0; i < packets; i++) file.AddRange(Page(i == packets - 1 ? claimed : 0, [0, 0, 0, 0]));
        return [.. file];
    }

    /// <summary>MPEG 1 layer III, 128 kbit/s, 44.1 kHz (ISO/IEC 11172-3): frames of 417 bytes and 1,152 samples, and a Xing header that claims a number of frames.</summary>
    public static byte[] Mp3(int frames, uint? claimed = null)
    {
        var file = new List<byte>([.. "ID3"u8, 4, 0, 0, 0, 0, 0, 4, 9, 9, 9, 9]);
        for (var i = 0; i < frames; i++)
        {
            var frame = new byte[417];
            new byte[] { 0xFF, 0xFB, 0x90, 0x00 }.CopyTo(frame, 0);
            if (i == 0 && claimed is { } count)
            {
                "Xing"u8.CopyTo(frame.AsSpan(36));
                frame[43] = 1;
                BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(44), count);
            }

            file.AddRange(frame);
        }

        return [.. file];
    }

    /// <summary>M4A (ISO/IEC 14496-12, -14) with AAC-LC at 44,100 Hz: a movie header that claims seconds, and a table of so many samples; none at all for 0.</summary>
    public static byte[] M4a(uint claimed, uint samples, int dataBytes = 100)
    {
        var header = new byte[100];
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(12), 1);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(16), claimed);
        byte[] sizes = [0, 0, 0, 0, 0, 0, 0, 9, .. BigEndian(samples)];

        // An elementary stream's descriptor: tag 3, within it tag 4, within it tag 5 with the configuration of AAC-LC (2) at index 4.
        byte[] configuration = [0, 0, 0, 0, 3, 25, 0, 0, 0, 4, 17, 0x40, 0x15, .. new byte[11], 5, 2, 0x12, 0x10];
        byte[] entry = [.. new byte[28], .. Box("esds", configuration)];
        byte[] descriptions = [0, 0, 0, 0, 0, 0, 0, 1, .. Box("mp4a", entry)];
        byte[] track = samples == 0 ? [] : Box("trak", Box("mdia", Box("minf", Box("stbl", [.. Box("stsd", descriptions), .. Box("stsz", sizes)]))));
        return [.. Box("ftyp", [.. "M4A "u8, 0, 0, 0, 0]), .. Box("mdat", new byte[dataBytes]), .. Box("moov", [.. Box("mvhd", header), .. track])];
    }

    private static byte[] Box(string type, byte[] content) => [.. BigEndian((uint)content.Length + 8), .. System.Text.Encoding.ASCII.GetBytes(type), .. content];

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Page(ulong position, byte[] packet)
    {
        var page = new byte[28 + packet.Length];
        "OggS"u8.CopyTo(page);
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(6), position);
        page[26] = 1;
        page[27] = (byte)packet.Length;
        packet.CopyTo(page, 28);
        return page;
    }

    private static byte Crc8(byte[] bytes)
    {
        byte sum = 0;
        foreach (var b in bytes)
        {
            sum ^= b;
            for (var bit = 0; bit < 8; bit++) sum = (byte)((sum & 0x80) != 0 ? (sum << 1) ^ 0x07 : sum << 1);
        }

        return sum;
    }
}
