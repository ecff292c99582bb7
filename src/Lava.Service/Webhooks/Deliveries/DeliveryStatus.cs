namespace Lava.Service.Webhooks.Deliveries;

/// <summary>What became of a delivery.</summary>
public enum DeliveryStatus
{
    /// <summary>It is still tried.</summary>
    Pending,

    /// <summary>The receiver has answered with success.</summary>
    Succeeded,

    /// <summary>It was tried for three days and given up.</summary>
    Failed,
}
