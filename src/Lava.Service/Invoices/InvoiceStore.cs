using Lava.Core.Billing;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Invoices;

/// <summary>Documents and their numbers, a partition for each issuer. The transaction that writes a document takes its number: a payment has one invoice, and
/// no number is given twice or left out, whatever dies where.</summary>
internal sealed class InvoiceStore(ITableStore tables, TimeProvider time)
{
    /// <summary>Prefix of ids.</summary>
    public const string Prefix = "inv";

    private const string SeriesRow = "series";
    private const string RowPrefix = "invoice|";

    // Writers of one issuer on this instance wait for each other here; the series' ETag keeps the numbers right among instances.
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>A document of an issuer; null where there is none of that id.</summary>
    public async ValueTask<Invoice?> FindAsync(string issuer, Mode mode, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, Prefix, mode, out _)) return null;
        return await tables.GetAsync(TableNames.Invoices, issuer, RowPaging.Key(RowPrefix, id), cancellationToken) is { } row
            ? Json.Read(row.Data, InvoicesJson.Default.Invoice)
            : null;
    }

    /// <summary>The invoice of a payment; null where it has none.</summary>
    public async ValueTask<string?> FindIdAsync(string issuer, string paymentId, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Invoices, issuer, PaymentRow(paymentId), cancellationToken) is { } row
            ? Json.Read(row.Data, InvoicesJson.Default.String)
            : null;

    /// <summary>Documents of an issuer, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    /// <param name="issuer">The issuer.</param>
    /// <param name="mode">Its mode.</param>
    /// <param name="owner">Whose documents; null for all.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<IReadOnlyList<Invoice>?> ListAsync(
        string issuer,
        Mode mode,
        string? owner,
        ListQuery page,
        CancellationToken cancellationToken)
    {
        var prefix = owner is null ? RowPrefix : OwnerPrefix(owner);
        var rows = await RowPaging.ReadAsync(tables, TableNames.Invoices, issuer, prefix, Prefix, mode, page, cancellationToken);
        return rows is null ? null : [.. rows.Select(row => Json.Read(row.Data, InvoicesJson.Default.Invoice))];
    }

    /// <summary>Stores the invoice of a payment under the next number; nothing happens where the payment has one.</summary>
    /// <param name="issuer">The issuer.</param>
    /// <param name="mode">Its mode.</param>
    /// <param name="invoice">The invoice, without id and number.</param>
    /// <param name="prefix">What its number begins with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask IssueAsync(string issuer, Mode mode, Invoice invoice, string prefix, CancellationToken cancellationToken) =>
        WriteAsync(issuer, async token =>
        {
            var series = await tables.GetAsync(TableNames.Invoices, issuer, SeriesRow, token);
            if (await FindIdAsync(issuer, invoice.PaymentId, token) is not null) return null;
            var (numbered, writes) = Numbered(mode, series, invoice, prefix);
            writes.Add(TableWrite.Insert(PaymentRow(invoice.PaymentId), Json.Write(numbered.Id, InvoicesJson.Default.String)));
            return writes;
        }, cancellationToken);

    /// <summary>Stores a credit note of what was given back of a payment and is on none yet; nothing happens for a payment without an invoice.</summary>
    /// <param name="issuer">The issuer.</param>
    /// <param name="mode">Its mode.</param>
    /// <param name="paymentId">The payment.</param>
    /// <param name="refunded">All that was given back so far, US dollars.</param>
    /// <param name="at">When.</param>
    /// <param name="prefix">What its number begins with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask CreditAsync(
        string issuer,
        Mode mode,
        string paymentId,
        decimal refunded,
        DateTimeOffset at,
        string prefix,
        CancellationToken cancellationToken) =>
        WriteAsync(issuer, async token =>
        {
            var series = await tables.GetAsync(TableNames.Invoices, issuer, SeriesRow, token);
            if (await FindIdAsync(issuer, paymentId, token) is not { } id) return null;
            var row = await tables.GetAsync(TableNames.Invoices, issuer, RowPaging.Key(RowPrefix, id), token)
                ?? throw new InvalidOperationException("A payment names an invoice that does not exist.");
            var invoice = Json.Read(row.Data, InvoicesJson.Default.Invoice);
            var all = Math.Min(refunded, invoice.Total);
            var due = all - invoice.Credited;
            if (due <= 0) return null;

            // The tax of all that was given back, less what earlier notes have: together they give back just the tax that the invoice has.
            var tax = invoice.TaxRate is { } rate ? InclusiveTax.In(all, rate) - invoice.CreditedTax : 0;
            var note = invoice with
            {
                Kind = InvoiceKind.CreditNote,
                CreditedId = invoice.Id,
                CreditedNumber = invoice.Number,
                IssuedAt = at,
                Lines = [new InvoiceLine($"Refund: {invoice.Lines[0].Description}", due)],
                Total = due,
                Tax = tax,
                Credited = 0,
                CreditedTax = 0,
            };
            var after = Json.Write(invoice with { Credited = all, CreditedTax = invoice.CreditedTax + tax }, InvoicesJson.Default.Invoice);
            var (_, writes) = Numbered(mode, series, note, prefix);
            writes.Add(TableWrite.Replace(row.Key, after, row.ETag));
            writes.Add(TableWrite.Put(RowPaging.Key(OwnerPrefix(invoice.Owner), invoice.Id), after));
            return writes;
        }, cancellationToken);

    private async ValueTask WriteAsync(string issuer, Func<CancellationToken, ValueTask<List<TableWrite>?>> make, CancellationToken cancellationToken)
    {
        var gate = _locks[(uint)string.GetHashCode(issuer, StringComparison.Ordinal) % _locks.Length];
        await gate.WaitAsync(cancellationToken);
        try
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await make(cancellationToken) is not { } writes) return;
                if ((await tables.CommitAsync(TableNames.Invoices, issuer, writes, cancellationToken)).IsCommitted) return;
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private (Invoice Invoice, List<TableWrite> Writes) Numbered(Mode mode, TableRow? row, Invoice draft, string prefix)
    {
        var before = row is null ? new InvoiceSeries(0, 0) : Json.Read(row.Data, InvoicesJson.Default.InvoiceSeries);

        // Later than the last, so that lists by id run as the numbers do.
        var at = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), before.LastId + 1);
        var series = Json.Write(new InvoiceSeries(before.Last + 1, at), InvoicesJson.Default.InvoiceSeries);
        var invoice = draft with
        {
            Id = Id.Create(Prefix, mode, DateTimeOffset.FromUnixTimeMilliseconds(at)),
            Number = $"{prefix}{before.Last + 1:D6}",
        };
        var data = Json.Write(invoice, InvoicesJson.Default.Invoice);
        return (invoice, [
            row is null ? TableWrite.Insert(SeriesRow, series) : TableWrite.Replace(SeriesRow, series, row.ETag),
            TableWrite.Insert(RowPaging.Key(RowPrefix, invoice.Id), data),
            TableWrite.Insert(RowPaging.Key(OwnerPrefix(invoice.Owner), invoice.Id), data),
        ]);
    }

    private static string PaymentRow(string paymentId) => "payment|" + paymentId;

    private static string OwnerPrefix(string owner) => $"owner|{owner}|";
}
