using Lava.Core.Billing;
using Lava.Core.Keys;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Billing.Books;
using Lava.Service.Customers;
using Lava.Service.Customers.Parties;
using Lava.Service.Pricing.Plans;

namespace Lava.Service.Invoices;

/// <summary>Makes out the documents of payments: a merchant's to its customers, the operator's to merchants who pay into their wallets.</summary>
internal sealed class Invoicing(InvoiceStore store, InvoiceDetailsStore details, MerchantStore merchants, CustomerStore customers, PlanStore plans) : IInvoicing
{
    private const string OperatorName = "Lava";

    /// <inheritdoc/>
    public async ValueTask IssueAsync(Tenant tenant, string? customerId, Sale sale, CancellationToken cancellationToken)
    {
        var merchant = await merchants.GetAsync(tenant.MerchantId, cancellationToken);
        var own = await details.FindAsync(tenant.Partition, cancellationToken);
        var issuer = customerId is null ? await details.FindAsync(InvoiceDetailsStore.Operator, cancellationToken) : own;
        var customer = customerId is null ? null : await customers.FindEverAsync(tenant, customerId, cancellationToken);
        var line = await LineOfAsync(tenant, sale, cancellationToken);
        var invoice = new Invoice
        {
            Owner = customerId ?? tenant.Partition,
            PaymentId = sale.PaymentId,
            IssuedAt = sale.At,
            Issuer = issuer.AsParty(customerId is null ? OperatorName : merchant.Name),
            HasDetails = issuer.LegalName is not null && issuer.Address is not null,
            Buyer = customerId is null ? own.AsParty(merchant.Name) : PartyOf(customer, customerId),
            BuyerEmail = customer?.Email,
            Lines = [line],
            Total = sale.Amount,
            Tax = issuer.TaxRate is { } rate ? InclusiveTax.In(sale.Amount, rate) : 0,
            TaxRate = issuer.TaxRate,
            TaxName = issuer.TaxRate is null ? null : issuer.TaxName ?? "Tax",
            Footer = issuer.Footer,
            IsTest = tenant.Mode == Mode.Test,
        };
        await store.IssueAsync(SeriesOf(tenant, customerId), tenant.Mode, invoice, PrefixOf(issuer, tenant.Mode), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask CreditAsync(
        Tenant tenant,
        string? customerId,
        string paymentId,
        decimal refunded,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        var issuer = await details.FindAsync(customerId is null ? InvoiceDetailsStore.Operator : tenant.Partition, cancellationToken);
        var prefix = PrefixOf(issuer, tenant.Mode);
        await store.CreditAsync(SeriesOf(tenant, customerId), tenant.Mode, paymentId, refunded, at, prefix, cancellationToken);
    }

    private static string SeriesOf(Tenant tenant, string? customerId) =>
        customerId is null ? InvoiceDetailsStore.OperatorSeries(tenant.Mode) : tenant.Partition;

    private static string PrefixOf(InvoiceDetails issuer, Mode mode) => issuer.NumberPrefix ?? (mode == Mode.Test ? "TEST-" : "INV-");

    private async ValueTask<InvoiceLine> LineOfAsync(Tenant tenant, Sale sale, CancellationToken cancellationToken)
    {
        if (sale.Kind == SaleKind.Wallet) return new InvoiceLine("Wallet funds", sale.Amount);
        var plan = sale.PlanId is null ? null : await plans.FindEverAsync(tenant, sale.PlanId, cancellationToken);
        if (sale.Kind == SaleKind.Subscription)
            return new InvoiceLine($"{plan?.Name ?? "Plan"}, subscription", sale.Amount, sale.Credits, sale.Start, sale.End);
        var bundle = sale.BundleId is null ? null : await plans.FindBundleAsync(tenant, sale.BundleId, cancellationToken);
        var name = bundle?.Name ?? "Credits";

        // An automatic purchase buys as many bundles as the usage needs.
        var count = bundle is { CreditAmount: > 0 } ? sale.Credits / bundle.CreditAmount : 1;
        var times = count > 1 && count == decimal.Truncate(count) ? $"{count:0} × " : "";
        return new InvoiceLine(times + name + (sale.Kind == SaleKind.TopUp ? ", auto top-up" : ""), sale.Amount, sale.Credits);
    }

    private static BillingParty PartyOf(Customer? customer, string customerId)
    {
        var name = $"{customer?.FirstName} {customer?.LastName}".Trim();
        var fallback = name.Length > 0 ? name : customer?.Email ?? customer?.ReferenceId ?? customerId;
        return customer?.Billing is { } billing ? billing with { Name = billing.Name ?? fallback } : new BillingParty(fallback);
    }
}
