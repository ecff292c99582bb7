namespace Lava.Service.Metering.Booking;

/// <summary>What a call was counted with in its spend key's book, where its row is the marker.</summary>
/// <param name="Spend">US dollars.</param>
/// <param name="IsSwept">Whether the sweep counted it, as a call that cost nothing: its record may still come.</param>
internal sealed record StoredSpend(decimal Spend, bool IsSwept);
