namespace Lava.Service.Invoices;

/// <summary>The numbers of an issuer. A number is given in the transaction that writes its document, so none is given twice and none is left out.</summary>
/// <param name="Last">The last number that was given.</param>
/// <param name="LastId">Milliseconds in the last id: later ids sort behind it, as their numbers do.</param>
internal sealed record InvoiceSeries(long Last, long LastId);
