namespace Lava.Service.Invoices;

/// <summary>What was sold, on the wire.</summary>
/// <param name="Description">In words.</param>
/// <param name="Amount">US dollars, tax included.</param>
/// <param name="Credits">Credits that came with it; null for none.</param>
/// <param name="PeriodStart">Begin of the period that was paid; null for what has none.</param>
/// <param name="PeriodEnd">Its end.</param>
internal sealed record InvoiceLineResponse(string Description, string Amount, string? Credits, DateTimeOffset? PeriodStart, DateTimeOffset? PeriodEnd);
