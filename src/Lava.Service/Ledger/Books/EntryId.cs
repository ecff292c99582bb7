using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Lava.Core.Keys;

namespace Lava.Service.Ledger.Books;

/// <summary>Ids of ledger entries: the customer (or the wallet) and the entry's number, in letters that may stand in a path.</summary>
internal static class EntryId
{
    private const string Prefix = "le_";

    /// <summary>The id of an entry.</summary>
    /// <param name="customerId">Whose book; null for the wallet.</param>
    /// <param name="sequence">The entry's number.</param>
    public static string Of(string? customerId, long sequence) =>
        Prefix + Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{customerId}:{sequence.ToString(CultureInfo.InvariantCulture)}"));

    /// <summary>Reads an id; false where it is none.</summary>
    public static bool TryRead(string id, out string? customerId, out long sequence)
    {
        (customerId, sequence) = (null, 0);
        if (id.Length is < 6 or > 120 || !id.StartsWith(Prefix, StringComparison.Ordinal) || !Base64Url.IsValid(id.AsSpan(Prefix.Length))) return false;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(id.AsSpan(Prefix.Length))).Split(':');
        if (parts.Length != 2 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out sequence) || sequence == 0) return false;
        customerId = parts[0].Length == 0 ? null : parts[0];
        return Of(customerId, sequence) == id && (customerId is null || customerId.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'));
    }

    /// <summary>The book of an id.</summary>
    public static BookKey Book(Tenant tenant, string? customerId) => customerId is null ? BookKey.Wallet(tenant) : BookKey.Customer(tenant, customerId);
}
