using Lava.Core.Keys;

namespace Lava.Service.Payments;

/// <summary>Who owns cards at the payment processor.</summary>
public static class PaymentOwners
{
    /// <summary>A merchant, who funds the wallet.</summary>
    public static string Merchant(Tenant tenant) => tenant.Partition;

    /// <summary>A customer of a merchant.</summary>
    public static string Customer(Tenant tenant, string customerId) => tenant.Partition + "|" + customerId;

    /// <summary>Reads an owner: the tenant, and the customer or null for the merchant.</summary>
    public static (Tenant Tenant, string? CustomerId) Read(string owner)
    {
        var parts = owner.Split('|');
        return (new Tenant(parts[0], parts[1] == "test" ? Mode.Test : Mode.Live), parts.Length > 2 ? parts[2] : null);
    }
}
