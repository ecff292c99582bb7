using Lava.Core.Keys;

namespace Lava.Service.Payments;

/// <summary>Who owns cards at the payment processor.</summary>
public static class PaymentOwners
{
    /// <summary>A merchant, who funds the wallet.</summary>
    public static string Merchant(Tenant tenant) => tenant.Partition;

    /// <summary>A customer of a merchant.</summary>
    public static string Customer(Tenant tenant, string customerId) => tenant.Partition + "|" + customerId;
}
