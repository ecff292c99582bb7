namespace Lava.Service.Simulation;

/// <summary>Answer to a simulation: the recorded usage of a period under a proposed meter, beside what it was charged.</summary>
/// <param name="MeterId">Whose usage.</param>
/// <param name="Start">Start of the period, inclusive.</param>
/// <param name="End">End of the period, inclusive.</param>
/// <param name="Actual">As it was.</param>
/// <param name="Simulated">As it would be.</param>
/// <param name="Customers">By customer, the dearest first.</param>
public sealed record SimulationResponse(
    string MeterId, DateTimeOffset Start, DateTimeOffset End, SimulationTotals Actual, SimulationTotals Simulated, IReadOnlyList<SimulatedCustomer> Customers);
