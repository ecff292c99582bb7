using Lava.Service.Pricing.Meters;

namespace Lava.Service.Reporting.WhatIf;

// Shapes of request bodies in the API's document. Bodies are read member by member, so that one response lists all that is wrong with one.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record ProposedMeterBody(string RateType, string TierType, IReadOnlyList<TierBody> Tiers, bool ChargesCached = true);

internal sealed record SimulateBody(
    string MeterId,
    DateTimeOffset Start,
    ProposedMeterBody Meter,
    DateTimeOffset? End = null,
    string? CustomerId = null,
    int? Limit = null,
    string? Cursor = null);
