namespace Lava.Service.Invoices;

/// <summary>What was sold.</summary>
/// <param name="Description">In words.</param>
/// <param name="Amount">US dollars, tax included.</param>
/// <param name="Credits">Credits that came with it; 0 for none.</param>
/// <param name="Start">Begin of the period that was paid; null for what has none.</param>
/// <param name="End">Its end.</param>
public sealed record InvoiceLine(string Description, decimal Amount, decimal Credits = 0, DateTimeOffset? Start = null, DateTimeOffset? End = null);
