using Lava.Core.Pricing;
using Lava.Service.Metering.Rollups;

namespace Lava.Service.Reporting.WhatIf;

/// <summary>A customer's usage of a period, or that of the calls without a customer, priced call by call under the proposed rate.</summary>
internal sealed class SimulatedUsage(string? customerId)
{
    private decimal _position;

    /// <summary>Whose; null for calls on the meter alone.</summary>
    public string? CustomerId => customerId;

    /// <summary>How many calls.</summary>
    public long Requests { get; private set; }

    /// <summary>What the providers cost, US dollars.</summary>
    public decimal Cost { get; private set; }

    /// <summary>What was charged.</summary>
    public decimal Actual { get; private set; }

    /// <summary>What would have been charged.</summary>
    public decimal Simulated { get; private set; }

    /// <summary>Counts the next call.</summary>
    public void Add(MeterRate rate, in Usage usage, IndexedCall call)
    {
        Requests++;
        Cost += call.Sum.Cost;
        Actual += call.Sum.Charge;
        if (call.IsCached && rate.ExemptsCached) return;
        var priced = MeterCharge.Of(rate, _position, usage, call.Sum.Cost);
        _position = priced.After;
        Simulated += priced.Amount;
    }
}
