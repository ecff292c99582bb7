using System.Text.Json.Serialization;

namespace Lava.Service.Reporting.WhatIf;

/// <summary>Answer to a simulation: the recorded usage of a period under a proposed meter, beside what it was charged.</summary>
/// <param name="MeterId">Whose usage.</param>
/// <param name="Start">Start of the period, inclusive.</param>
/// <param name="End">End of the period, inclusive.</param>
/// <param name="Actual">As it was: the whole period, whichever page is asked for.</param>
/// <param name="Simulated">As it would be.</param>
/// <param name="Customers">A page of the customers, the dearest under the proposed meter first.</param>
/// <param name="HasMore">Whether there are more customers.</param>
/// <param name="NextCursor">Cursor of the next page; absent on the last.</param>
internal sealed record SimulationResponse(
    string MeterId,
    DateTimeOffset Start,
    DateTimeOffset End,
    SimulationTotals Actual,
    SimulationTotals Simulated,
    IReadOnlyList<SimulatedCustomer> Customers,
    bool HasMore,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);
