namespace Lava.Service.Ports.Payments;

/// <summary>A cardholder's objection to a payment, at the cardholder's bank.</summary>
/// <param name="Status">How far it is.</param>
/// <param name="Amount">What it is about, US dollars.</param>
/// <param name="Reason">Why, in Stripe's words (<c>fraudulent</c>, <c>product_not_received</c>).</param>
public sealed record PaymentDispute(DisputeStatus Status, decimal Amount, string Reason)
{
    /// <summary>What is withdrawn because of it now, US dollars: an open dispute takes the money until it is decided.</summary>
    public decimal Withdrawn => Status == DisputeStatus.Won ? 0 : Amount;
}
