using Lava.Core.Pricing;

namespace Lava.Service.Reporting.Reports;

/// <summary>Usage as a merchant reports it.</summary>
/// <param name="RequestId">The merchant's own id of it.</param>
/// <param name="CustomerId">The customer, by id or reference.</param>
/// <param name="MeterSlug">The meter, by slug or id.</param>
/// <param name="Usage">What was used.</param>
/// <param name="Metadata">Request metadata; null for none.</param>
/// <param name="Timestamp">When it was used; null for now.</param>
internal sealed record UsageInput(
    string RequestId,
    string CustomerId,
    string MeterSlug,
    Usage Usage,
    IReadOnlyDictionary<string, string>? Metadata,
    DateTimeOffset? Timestamp);
