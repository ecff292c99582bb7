namespace Lava.Service.Metering.Records;

/// <summary>An attempt at a provider that failed, so that the call went to another.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="Model">The model; null where there is none.</param>
/// <param name="Endpoint">Method and address.</param>
/// <param name="Status">The provider's HTTP status; 0 where it did not answer.</param>
/// <param name="ErrorCode">Why: the code of a <see cref="CallFailure"/>, or of the error that let it not be sent (<c>insufficient_balance</c> and the
/// like).</param>
public sealed record CallAttempt(string Provider, string? Model, string Endpoint, int Status, string ErrorCode);
