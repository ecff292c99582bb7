using Lava.Core.Ids;
using Lava.Service.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Stripe;

namespace Lava.Functions.Payments;

/// <summary>The owners of cards at Stripe: one customer for each, made when a first card is given.</summary>
internal sealed class StripeCustomers(ITableStore tables, StripeAccess stripe, TimeProvider time)
{
    /// <summary>What Stripe keeps with an object so that its owner is known.</summary>
    public const string OwnerField = "lava_owner";

    private const string Row = "customer";

    /// <summary>An owner's customer; null where there is none.</summary>
    public async ValueTask<string?> FindAsync(string owner, CancellationToken cancellationToken) => (await ReadAsync(owner, cancellationToken))?.Stored.Id;

    /// <summary>An owner's customer, made where there is none.</summary>
    public async ValueTask<string> GetAsync(string owner, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await ReadAsync(owner, cancellationToken) is not { } row)
            {
                await tables.CommitAsync(TableNames.Payments, owner, [TableWrite.Insert(Row, Write(New()))], cancellationToken);
                continue;
            }

            if (row.Stored.Id is { } known) return known;
            var made = await stripe.CallAsync(
                client => client.V1.Customers.CreateAsync(
                    Options(owner),
                    new RequestOptions { IdempotencyKey = "lava-customer-" + row.Stored.Attempt },
                    cancellationToken),
                cancellationToken,
                async () => await tables.CommitAsync(TableNames.Payments, owner, [TableWrite.Replace(Row, Write(New()), row.ETag)], cancellationToken));
            var stored = row.Stored with { Id = made.Required().Id };
            if ((await tables.CommitAsync(TableNames.Payments, owner, [TableWrite.Replace(Row, Write(stored), row.ETag)], cancellationToken)).IsCommitted)
                return stored.Id;
        }
    }

    /// <summary>Forgets a customer that is no more at Stripe.</summary>
    public async ValueTask ForgetAsync(string owner, string id, CancellationToken cancellationToken)
    {
        if (await ReadAsync(owner, cancellationToken) is { } row && row.Stored.Id == id)
            await tables.CommitAsync(TableNames.Payments, owner, [TableWrite.Replace(Row, Write(New()), row.ETag)], cancellationToken);
    }

    private static CustomerCreateOptions Options(string owner)
    {
        var (tenant, customerId) = PaymentOwners.Read(owner);
        var fields = new Dictionary<string, string> { [OwnerField] = owner, ["lava_merchant"] = tenant.MerchantId };
        if (customerId is not null) fields["lava_customer"] = customerId;
        return new CustomerCreateOptions
        {
            Description = customerId is null ? $"Merchant {tenant.MerchantId}" : $"Customer {customerId} of {tenant.MerchantId}",
            Metadata = fields,
        };
    }

    private StoredCustomer New() => new(Ulid.Create(time.GetUtcNow()), null);

    private async ValueTask<(StoredCustomer Stored, string ETag)?> ReadAsync(string owner, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Payments, owner, Row, cancellationToken) is { } row
            ? (Json.Read(row.Data, StripeRows.Default.StoredCustomer), row.ETag)
            : null;

    private static ReadOnlyMemory<byte> Write(StoredCustomer customer) => Json.Write(customer, StripeRows.Default.StoredCustomer);
}
