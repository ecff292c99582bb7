namespace Lava.Service.Reporting.WhatIf;

/// <summary>Totals of a period: as they were, or as they would be.</summary>
internal sealed record SimulationTotals(long TotalRequests, string TotalCost, string TotalCharge);
