using Lava.Core.Keys;
using Lava.Service.Billing.Books;

namespace Lava.Service.Billing.Due;

/// <summary>A customer for whom something is due.</summary>
internal sealed record DueCustomer(string MerchantId, bool IsLive, string CustomerId, string? ClockId)
{
    /// <summary>Names an owner as it is stored.</summary>
    public static DueCustomer Of(BillingOwner owner) => new(owner.Tenant.MerchantId, owner.Tenant.Mode == Mode.Live, owner.CustomerId, owner.ClockId);

    /// <summary>The owner.</summary>
    public BillingOwner ToOwner() => new(new Tenant(MerchantId, IsLive ? Mode.Live : Mode.Test), CustomerId, ClockId);
}
