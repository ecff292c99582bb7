using Lava.Console.Parts;
using Lava.Service.Invoices;

namespace Lava.Console.Pages.Invoices;

/// <summary>A document in a table.</summary>
/// <param name="Id"><c>inv_…</c>.</param>
/// <param name="Number">Its number.</param>
/// <param name="IsCredit">Whether it is a credit note.</param>
/// <param name="For">What was sold.</param>
/// <param name="Total">Dollars.</param>
/// <param name="At">When it was made out.</param>
public sealed record InvoiceRow(string Id, string Number, bool IsCredit, string For, string Total, DateTimeOffset At)
{
    /// <summary>Documents of the API.</summary>
    internal static IReadOnlyList<InvoiceRow> Of(IEnumerable<InvoiceResponse> found) =>
    [
        .. found.Select(one => new InvoiceRow(
            one.InvoiceId, one.Number, one.Type == "credit_note", one.Lines[0].Description, Money.Dollars(one.Total), one.IssuedAt)),
    ];
}
