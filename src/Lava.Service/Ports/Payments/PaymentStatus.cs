namespace Lava.Service.Ports.Payments;

/// <summary>What became of a payment.</summary>
public enum PaymentStatus
{
    /// <summary>The money is taken.</summary>
    Succeeded,

    /// <summary>It waits until the cardholder has authenticated it with the bank.</summary>
    RequiresAction,

    /// <summary>No money was taken and none will be.</summary>
    Failed,
}
