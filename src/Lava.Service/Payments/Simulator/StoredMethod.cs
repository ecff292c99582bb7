using Lava.Service.Ports.Payments;

namespace Lava.Service.Payments.Simulator;

/// <summary>A card as the simulator keeps it.</summary>
/// <param name="Method">The card.</param>
/// <param name="Token">The test card that it is.</param>
internal sealed record StoredMethod(PaymentMethod Method, string Token);
