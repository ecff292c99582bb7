using Lava.Service.Ports.Payments;

namespace Lava.Service.Payments.Simulator;

/// <summary>A payment as the simulator keeps it.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Owner">Whose card.</param>
/// <param name="Key">The key with which it was asked for.</param>
/// <param name="ReturnUrl">Where the cardholder goes after authenticating it.</param>
/// <param name="DeclineAfterwards">Why it fails although it is authenticated; null where it does not.</param>
public sealed record StoredPayment(Payment Payment, string Owner, string Key, Uri? ReturnUrl, Decline? DeclineAfterwards);
