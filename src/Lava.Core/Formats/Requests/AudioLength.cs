using System.Buffers.Binary;

namespace Lava.Core.Formats.Requests;

/// <summary>Reads a recording's length in seconds from its headers: WAV, FLAC, Ogg (Opus, Vorbis), MP3, MP4. It decodes nothing; what it does not know has no length.</summary>
internal static class AudioLength
{
    /// <summary>The length; null where the headers do not tell.</summary>
    public static decimal? Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < 28) return null;
        if (file.StartsWith("RIFF"u8) && file[8..12].SequenceEqual("WAVE"u8)) return Wave(file);
        if (file.StartsWith("fLaC"u8)) return Flac(file);
        if (file.StartsWith("OggS"u8)) return Ogg(file);
        if (file[4..8].SequenceEqual("ftyp"u8)) return Mp4AudioLength.Read(file);
        return Mp3AudioLength.Read(file);
    }

    /// <summary>Seconds of so many samples; null for lengths that no recording has.</summary>
    internal static decimal? Seconds(ulong units, ulong rate) => rate == 0 || units == 0 || units / rate > 10_000_000 ? null : Math.Round((decimal)units / rate, 3);

    private static decimal? Wave(ReadOnlySpan<byte> file)
    {
        var at = 12;
        uint bytesPerSecond = 0;
        while (at + 8 <= file.Length)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            var chunk = file[at..];
            if (chunk.StartsWith("fmt "u8) && chunk.Length >= 20) bytesPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(chunk[16..]);

            // A streamed file does not know its size; what there is of it does.
            if (chunk.StartsWith("data"u8)) return Seconds(Math.Min(size, (uint)chunk.Length - 8), bytesPerSecond);
            var next = at + 8 + (long)size + (size & 1);
            if (next > file.Length) return null;
            at = (int)next;
        }

        return null;
    }

    private static decimal? Flac(ReadOnlySpan<byte> file)
    {
        // STREAMINFO is always first: 20 bits of sample rate and 36 bits of samples from its 11th byte on.
        if (file.Length < 26 || (file[4] & 0x7F) != 0) return null;
        var packed = BinaryPrimitives.ReadUInt64BigEndian(file[18..]);
        return Seconds(packed & 0xF_FFFF_FFFF, packed >> 44);
    }

    private static decimal? Ogg(ReadOnlySpan<byte> file)
    {
        // The last page's granule position is the number of samples so far.
        var last = file.LastIndexOf("OggS"u8);
        if (last + 14 > file.Length || file.Length < 27 + file[26]) return null;
        var samples = BinaryPrimitives.ReadUInt64LittleEndian(file[(last + 6)..]);
        var head = file[(27 + file[26])..];
        if (head.Length < 20) return null;
        if (head.StartsWith("OpusHead"u8))
        {
            ulong skipped = BinaryPrimitives.ReadUInt16LittleEndian(head[10..]);
            return samples <= skipped ? null : Seconds(samples - skipped, 48_000);
        }

        return head.StartsWith("\u0001vorbis"u8) ? Seconds(samples, BinaryPrimitives.ReadUInt32LittleEndian(head[12..])) : null;
    }
}
