using System.Buffers.Binary;

namespace Lava.Core.Formats.Requests;

/// <summary>Tells a recording's length in seconds by what a decoder would play of it: WAV, FLAC, Ogg Opus, MP3, MP4 with AAC. What a header says of the length
/// counts nowhere, for whoever sends the file has written it. What cannot be told so has no length here.</summary>
internal static class AudioLength
{
    /// <summary>The length; null where the file does not tell.</summary>
    public static decimal? Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < 28) return null;
        if (file.StartsWith("RIFF"u8) && file[8..12].SequenceEqual("WAVE"u8)) return Wave(file);
        if (file.StartsWith("fLaC"u8)) return FlacAudioLength.Read(file);
        if (file.StartsWith("OggS"u8)) return OggAudioLength.Read(file);
        if (file[4..8].SequenceEqual("ftyp"u8)) return Mp4AudioLength.Read(file);
        return Mp3AudioLength.Read(file);
    }

    /// <summary>Seconds of so many samples; null for lengths that no recording has.</summary>
    internal static decimal? Seconds(ulong units, ulong rate) =>
        rate == 0 || units == 0 || units / rate > 10_000_000 ? null : Math.Round((decimal)units / rate, 3);

    // Decoders play the samples at the rate of the format chunk, whatever byte rate stands beside it, and some play all there is, whatever the data chunk says
    // of its size.
    private static decimal? Wave(ReadOnlySpan<byte> file)
    {
        var at = 12;
        ulong bytesPerSecond = 0;
        while (at + 8 <= file.Length)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            var chunk = file[at..];
            if (chunk.StartsWith("fmt "u8) && chunk.Length >= 24) bytesPerSecond = WaveBytesPerSecond(chunk[8..]);
            if (chunk.StartsWith("data"u8)) return Seconds((ulong)chunk.Length - 8, bytesPerSecond);
            var next = at + 8 + (long)size + (size & 1);
            if (next > file.Length) return null;
            at = (int)next;
        }

        return null;
    }

    /// <summary>Bytes of a second: channels, rate and bits of a sample multiplied, of the formats whose samples have a size: PCM, floats, A-law, µ-law, and
    /// extensible ones. Otherwise 0.</summary>
    private static ulong WaveBytesPerSecond(ReadOnlySpan<byte> format)
    {
        var tag = BinaryPrimitives.ReadUInt16LittleEndian(format);
        ulong channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        ulong rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        ulong bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        return tag is 1 or 3 or 6 or 7 or 0xFFFE && channels is > 0 and <= 8 && bits is >= 8 and <= 64 ? channels * rate * ((bits + 7) / 8) : 0;
    }
}
