using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Lava.Service.Credentials;

/// <summary>SHA-256 of a raw credential, which is all that is ever kept of it. A key has 256 random bits, so nothing slower is needed.</summary>
internal readonly record struct KeyHash(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>Hashes a raw credential; allocates nothing for one of up to 340 characters.</summary>
    public static KeyHash Of(ReadOnlySpan<char> raw)
    {
        var max = Encoding.UTF8.GetMaxByteCount(raw.Length);
        Span<byte> bytes = max <= 1_024 ? stackalloc byte[max] : new byte[max];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(raw, bytes)], hash);
        return Read(hash);
    }

    /// <summary>Reads the form in which it is stored.</summary>
    /// <exception cref="FormatException">It is not 64 hexadecimal digits.</exception>
    public static KeyHash Parse(string hex) => Read(Convert.FromHexString(hex));

    /// <summary>64 lower-case hexadecimal digits, as it is stored.</summary>
    public string ToHex()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64BigEndian(hash, A);
        BinaryPrimitives.WriteUInt64BigEndian(hash[8..], B);
        BinaryPrimitives.WriteUInt64BigEndian(hash[16..], C);
        BinaryPrimitives.WriteUInt64BigEndian(hash[24..], D);
        return Convert.ToHexStringLower(hash);
    }

    private static KeyHash Read(ReadOnlySpan<byte> hash) => new(
        BinaryPrimitives.ReadUInt64BigEndian(hash),
        BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));
}
