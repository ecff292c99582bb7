namespace Lava.Service.Reporting.WhatIf;

/// <summary>A customer's part of a simulation; the customer is null for requests on the meter alone.</summary>
internal sealed record SimulatedCustomer(string? CustomerId, long Requests, string ActualCharge, string SimulatedCharge);
