using Lava.Core.Pricing;

namespace Lava.Service.Pricing.Meters;

/// <summary>A meter: how a merchant prices a kind of usage.</summary>
/// <param name="Id"><c>meter_…</c>.</param>
/// <param name="Slug">What tokens and reports name it by; unique among the merchant's meters.</param>
/// <param name="Name">Its name.</param>
/// <param name="Rate">Unit, rate type and tiers.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record Meter(string Id, string Slug, string Name, MeterRate Rate, DateTimeOffset CreatedAt);
