using Lava.Core.Keys;

namespace Lava.Service.Ledger.Books;

/// <summary>Where a book lies: its partition of the books table. All that must change together with a balance lies in the book's own partition, because a
/// transaction spans no two.</summary>
/// <param name="Partition">Partition key.</param>
public readonly record struct BookKey(string Partition)
{
    /// <summary>Whose book it is.</summary>
    public Tenant Tenant => Tenant.OfPartition(Partition);

    /// <summary>A merchant's wallet, and the requests of the merchant.</summary>
    public static BookKey Wallet(Tenant tenant) => new(tenant.Partition + "|wallet");

    /// <summary>A customer's credits.</summary>
    public static BookKey Customer(Tenant tenant, string customerId) => new(tenant.Partition + "|customer|" + customerId);

    /// <summary>What a spend key has used, and its calls.</summary>
    public static BookKey SpendKey(Tenant tenant, string spendKeyId) => new(tenant.Partition + "|spend-key|" + spendKeyId);
}
