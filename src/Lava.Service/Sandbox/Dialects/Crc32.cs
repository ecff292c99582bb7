namespace Lava.Service.Sandbox.Dialects;

/// <summary>The checksum of event-stream frames (CRC-32 of IEEE 802.3). The framework's own is in a package that not every feed carries.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(entry =>
    {
        var value = (uint)entry;
        for (var bit = 0; bit < 8; bit++) value = (value & 1) == 1 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        return value;
    })];

    public static uint HashToUInt32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes) crc = Table[(crc ^ b) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }
}
