namespace Lava.Service.Metering.Records;

/// <summary>An attempt at a provider that failed, so that the call went to another.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="Model">The model; null where there is none.</param>
/// <param name="Endpoint">Method and address.</param>
/// <param name="Status">The provider's HTTP status; 0 where it did not answer.</param>
/// <param name="ErrorCode">Why: <c>provider_error</c>, <c>provider_unreachable</c>, <c>provider_timeout</c>, <c>provider_circuit_open</c>, <c>insufficient_balance</c> and the like.</param>
public sealed record CallAttempt(string Provider, string? Model, string Endpoint, int Status, string ErrorCode);
