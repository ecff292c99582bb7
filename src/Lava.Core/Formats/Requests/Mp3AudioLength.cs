using System.Buffers.Binary;

namespace Lava.Core.Formats.Requests;

/// <summary>Reads the length of an MP3 file by walking its frames' headers (ISO/IEC 11172-3, layer III), which costs one look per frame of some four hundred
/// bytes. What a Xing header says counts nowhere; its own frame plays nothing, and is counted as one.</summary>
internal static class Mp3AudioLength
{
    private static ReadOnlySpan<ushort> Version1Rates => [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];

    private static ReadOnlySpan<ushort> Version2Rates => [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];

    private static ReadOnlySpan<ushort> SampleRates => [44_100, 48_000, 32_000, 0];

    public static decimal? Read(ReadOnlySpan<byte> file)
    {
        var at = TagLength(file);
        ulong samples = 0;
        uint rate = 0;
        while (at + 4 <= file.Length && Frame(file[at..], out var length, out var frameSamples, out var frameRate))
        {
            if (rate == 0) rate = frameRate;
            else if (rate != frameRate) return null;

            samples += frameSamples;
            at += length;
        }

        // Where the frames do not lead to the end (but for a tag there), this is no MP3 or a damaged one.
        var isToEnd = at >= file.Length || file[at..].StartsWith("TAG"u8) || file.Length - at < 4 || file[at..].StartsWith("APETAGEX"u8);
        return isToEnd ? AudioLength.Seconds(samples, rate) : null;
    }

    private static int TagLength(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith("ID3"u8) || file.Length < 10) return 0;
        var size = ((file[6] & 0x7F) << 21) | ((file[7] & 0x7F) << 14) | ((file[8] & 0x7F) << 7) | (file[9] & 0x7F);
        return Math.Min(file.Length, size + 10 + ((file[5] & 0x10) != 0 ? 10 : 0));
    }

    private static bool Frame(ReadOnlySpan<byte> frame, out int length, out uint samples, out uint rate)
    {
        length = 0;
        samples = 0;
        rate = 0;
        var header = BinaryPrimitives.ReadUInt32BigEndian(frame);
        var version = (header >> 19) & 3;
        if (header >> 21 != 0x7FF || version == 1 || ((header >> 17) & 3) != 1) return false;
        var isFirst = version == 3;
        var bits = (isFirst ? Version1Rates : Version2Rates)[(int)((header >> 12) & 15)];
        rate = SampleRates[(int)((header >> 10) & 3)] / (isFirst ? 1u : version == 2 ? 2u : 4u);
        if (bits == 0 || rate == 0) return false;
        samples = isFirst ? 1_152u : 576u;
        length = (int)((samples / 8 * bits * 1_000 / rate) + ((header >> 9) & 1));
        return true;
    }
}
