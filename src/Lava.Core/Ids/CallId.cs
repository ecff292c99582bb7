using System.Security.Cryptography;
using System.Text;

namespace Lava.Core.Ids;

/// <summary>ULIDs of calls that carry a check of whose they are, so that an id which was given out is known for one before anything is stored under it. The
/// last 30 of the 80 random bits are the check. It keeps no secret: a merchant that makes up such an id deceives nobody but itself.</summary>
public static class CallId
{
    private const int Checked = Ulid.Length - 6;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int MaxPartition = 128;

    /// <summary>The call's ULID with the check in it.</summary>
    /// <param name="ulid">A ULID.</param>
    /// <param name="partition">The tenant's partition.</param>
    public static string Of(string ulid, string partition) => string.Create(Ulid.Length, (ulid, partition), static (text, call) =>
    {
        call.ulid.CopyTo(text);
        Check(text[..Checked], call.partition, text[Checked..]);
    });

    /// <summary>Whether a ULID was made by <see cref="Of"/> for that tenant; another is taken for one with a chance of one in 2^30.</summary>
    public static bool IsOf(ReadOnlySpan<char> ulid, string partition)
    {
        if (!Ulid.IsValid(ulid)) return false;
        Span<char> check = stackalloc char[Ulid.Length - Checked];
        Check(ulid[..Checked], partition, check);
        return ulid[Checked..].SequenceEqual(check);
    }

    private static void Check(ReadOnlySpan<char> start, string partition, Span<char> check)
    {
        Span<byte> bytes = stackalloc byte[MaxPartition + Checked];
        var count = Encoding.UTF8.GetBytes(partition.AsSpan(0, Math.Min(partition.Length, MaxPartition / 3)), bytes);
        count += Encoding.UTF8.GetBytes(start, bytes[count..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..count], hash);
        for (var i = 0; i < check.Length; i++) check[i] = Alphabet[hash[i] & 31];
    }
}
