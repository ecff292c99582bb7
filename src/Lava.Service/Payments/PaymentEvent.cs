namespace Lava.Service.Payments;

/// <summary>A payment that may have ended, for those who charged.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Key">The key with which it was asked for.</param>
/// <param name="Owner">Whose card.</param>
/// <param name="Look">How often it was found to be still waiting.</param>
/// <param name="Report">The processor's event that tells of it; null where this server ends it itself.</param>
internal sealed record PaymentEvent(string PaymentId, string Key, string Owner, int Look, string? Report = null);
