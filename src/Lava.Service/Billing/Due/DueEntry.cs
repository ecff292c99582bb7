using Lava.Service.Billing.Books;

namespace Lava.Service.Billing.Due;

/// <summary>A row of the due-time index.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Key">Its row key.</param>
/// <param name="Owner">For whom something is due.</param>
public readonly record struct DueEntry(string Partition, string Key, BillingOwner Owner);
