using Lava.Service.Ports.Payments;

namespace Lava.Service.Payments.Simulator;

/// <summary>The collection of a card as the simulator keeps it.</summary>
/// <param name="Setup">The collection.</param>
/// <param name="Owner">Whose card it becomes.</param>
/// <param name="ReturnUrl">Where the cardholder goes afterwards.</param>
public sealed record StoredSetup(CardSetup Setup, string Owner, Uri ReturnUrl);
