using Lava.Service.Metering.Records;

namespace Lava.Service.Metering.Pending;

/// <summary>A call in flight as the store knows it.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="IsLive">Live mode; otherwise test mode.</param>
/// <param name="Draft">Its record as far as it was known.</param>
public sealed record PendingRow(string MerchantId, bool IsLive, UsageRecord Draft);
