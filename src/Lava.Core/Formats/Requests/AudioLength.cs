using System.Buffers.Binary;

namespace Lava.Core.Formats.Requests;

/// <summary>Tells how long an audio file is from its header, where that is reliable: WAV (RIFF) and FLAC.</summary>
internal static class AudioLength
{
    /// <summary>Seconds; null where the header does not tell.</summary>
    public static decimal? Of(ReadOnlySpan<byte> file)
    {
        if (file.Length >= 44 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WAVE"u8)) return OfWav(file[12..]);
        if (file.Length >= 42 && file.StartsWith("fLaC"u8)) return OfFlac(file);
        return null;
    }

    private static decimal? OfWav(ReadOnlySpan<byte> chunks)
    {
        uint bytesPerSecond = 0;
        while (chunks.Length >= 8)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunks[4..]);
            var content = chunks[8..];
            if (chunks.StartsWith("fmt "u8) && content.Length >= 16) bytesPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(content[8..]);
            else if (chunks.StartsWith("data"u8))
            {
                // A recorder that streams writes no true size; what is there counts.
                var bytes = Math.Min(size, (uint)content.Length);
                return bytesPerSecond == 0 ? null : Math.Round((decimal)bytes / bytesPerSecond, 3);
            }

            var skip = size + (size & 1);
            if (skip > content.Length) return null;
            chunks = content[(int)skip..];
        }

        return null;
    }

    // STREAMINFO: 20 bits of sample rate, 3 of channels, 5 of sample size, 36 of sample count, 10 bytes into the block.
    private static decimal? OfFlac(ReadOnlySpan<byte> file)
    {
        var packed = BinaryPrimitives.ReadUInt64BigEndian(file[18..]);
        var rate = packed >> 44;
        var samples = packed & 0xF_FFFF_FFFF;
        return rate == 0 || samples == 0 ? null : Math.Round((decimal)samples / rate, 3);
    }
}
