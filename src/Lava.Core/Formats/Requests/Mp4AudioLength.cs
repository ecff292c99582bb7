using System.Buffers.Binary;

namespace Lava.Core.Formats.Requests;

/// <summary>Reads the length of an MP4 or M4A file from its movie header (ISO/IEC 14496-12, <c>moov.mvhd</c>).</summary>
internal static class Mp4AudioLength
{
    public static decimal? Read(ReadOnlySpan<byte> file)
    {
        var header = Box(Box(file, "moov"u8), "mvhd"u8);
        if (header.IsEmpty) return null;
        if (header[0] == 1)
        {
            return header.Length < 32
                ? null
                : AudioLength.Seconds(BinaryPrimitives.ReadUInt64BigEndian(header[24..]), BinaryPrimitives.ReadUInt32BigEndian(header[20..]));
        }

        return header.Length < 20
            ? null
            : AudioLength.Seconds(BinaryPrimitives.ReadUInt32BigEndian(header[16..]), BinaryPrimitives.ReadUInt32BigEndian(header[12..]));
    }

    /// <summary>The content of a box; empty where there is none.</summary>
    private static ReadOnlySpan<byte> Box(ReadOnlySpan<byte> boxes, ReadOnlySpan<byte> type)
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
            if (boxes[4..8].SequenceEqual(type)) return isWhole ? boxes[head..(int)size] : default;
            if (!isWhole) return default;
            boxes = boxes[(int)size..];
        }

        return default;
    }
}
