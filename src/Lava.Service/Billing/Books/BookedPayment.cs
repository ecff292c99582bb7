namespace Lava.Service.Billing.Books;

/// <summary>What is kept with the marker of a payment that is booked.</summary>
/// <param name="Entry">Number of its entry.</param>
/// <param name="Amount">US dollars.</param>
/// <param name="At">When it was booked.</param>
public sealed record BookedPayment(long Entry, decimal Amount, DateTimeOffset At);
