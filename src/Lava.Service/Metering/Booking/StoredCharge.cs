using Lava.Core.Pricing;

namespace Lava.Service.Metering.Booking;

/// <summary>What a meter charged for a call. In the customer's book its row is the marker of the charge.</summary>
/// <param name="Amount">Credits, 12 decimals.</param>
/// <param name="RateType">Fixed or percentage.</param>
/// <param name="Breakdown">The slices by tier; they add up to the amount.</param>
/// <param name="Entry">The entry of the customer's book that took it; null where nothing was taken.</param>
/// <param name="Forgone">Credits that it would have charged: its reservation had been given to others and the credits were used up. Nearly always 0.</param>
public sealed record StoredCharge(decimal Amount, RateType RateType, IReadOnlyList<StoredSlice> Breakdown, long? Entry, decimal Forgone = 0);
