namespace Lava.Service.Reporting.Requests;

/// <summary>Where a call's time went, milliseconds.</summary>
/// <param name="GatewayMs">In Lava before it was sent on.</param>
/// <param name="ProviderFirstByteMs">From then to the beginning of the provider's answer.</param>
internal sealed record RequestTiming(double GatewayMs, double ProviderFirstByteMs);
