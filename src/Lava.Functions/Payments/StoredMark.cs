namespace Lava.Functions.Payments;

/// <summary>What became of a card's last charge.</summary>
/// <param name="Code">Why it failed; null where it did not.</param>
/// <param name="Message">The same as a sentence.</param>
/// <param name="At">When.</param>
public sealed record StoredMark(string? Code, string? Message, DateTimeOffset At);
