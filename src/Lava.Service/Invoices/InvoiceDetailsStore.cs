using Lava.Core.Keys;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Invoices;

/// <summary>Issuers' details.</summary>
internal sealed class InvoiceDetailsStore(ITableStore tables)
{
    /// <summary>The operator, who sells to merchants; one for both modes.</summary>
    public const string Operator = "operator";

    private const string Row = "details";

    /// <summary>An issuer's details; empty ones where it has given none.</summary>
    /// <param name="issuer">A tenant's partition, or <see cref="Operator"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<InvoiceDetails> FindAsync(string issuer, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Invoices, issuer, Row, cancellationToken) is { } row
            ? Json.Read(row.Data, InvoicesJson.Default.InvoiceDetails)
            : new InvoiceDetails();

    /// <summary>Sets an issuer's details for documents that are made from now on.</summary>
    public async ValueTask SetAsync(string issuer, InvoiceDetails details, CancellationToken cancellationToken) =>
        await tables.CommitAsync(
            TableNames.Invoices,
            issuer,
            [TableWrite.Put(Row, Json.Write(details, InvoicesJson.Default.InvoiceDetails))],
            cancellationToken);

    /// <summary>The partition of the documents that the operator makes out to merchants.</summary>
    public static string OperatorSeries(Mode mode) => mode == Mode.Test ? Operator + "|test" : Operator + "|live";
}
