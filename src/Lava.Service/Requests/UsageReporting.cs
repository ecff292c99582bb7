using System.Security.Cryptography;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Metering;
using Lava.Service.Billing;
using Lava.Service.Customers;
using Lava.Service.Errors;
using Lava.Service.Ledger;
using Lava.Service.Metering;
using Lava.Service.Meters;
using Lava.Service.Plans;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Requests;

/// <summary>Takes in usage that did not pass the gateway (behaviour.md §5.6): recorded and charged once for each request id, whatever the balance, since it has happened.</summary>
public sealed class UsageReporting(ITableStore tables, Meterer meterer, UsageRecorder recorder, RequestStore requests, CustomerBilling billing, BillingBooks books, PlanStore plans, TimeProvider time)
{
    /// <summary>Records a report. A repeat with the same content finds the stored request; with other content it is refused.</summary>
    public async ValueTask<(RequestResponse? Request, bool IsNew, ApiError? Error)> ReportAsync(
        Tenant tenant, string requestId, Customer customer, Meter meter, Usage usage, IReadOnlyDictionary<string, string>? metadata, string endpoint, CancellationToken cancellationToken)
    {
        await billing.OpenAsync(tenant, customer, cancellationToken);
        var now = time.GetUtcNow();
        var hash = RequestStore.HashOf(requestId);
        var claim = new RequestClaim(Ulid.Create(now), ContentHash(customer.Id, meter.Id, usage, metadata));
        var partition = BookKey.Wallet(tenant).Partition;
        var claimed = await tables.CommitAsync(
            Tables.Books, partition, [TableWrite.Insert(BookRows.Claim(hash), Json.Write(claim, RequestsJson.Default.RequestClaim))], cancellationToken);
        if (!claimed.IsCommitted)
        {
            var row = await tables.GetAsync(Tables.Books, partition, BookRows.Claim(hash), cancellationToken);
            var first = Json.Read(row!.Data, RequestsJson.Default.RequestClaim);
            if (first.ContentHash != claim.ContentHash) return (null, false, ApiError.RequestIdConflict());
            if (await requests.ReadAsync(tenant, first.Call, cancellationToken) is { } stored) return (RequestViews.Show(stored), false, null);

            // The first report died before it was booked: this one finishes it, as the same call.
            claim = first;
        }

        var record = new UsageRecord
        {
            Call = claim.Call,
            RequestId = requestId,
            CreatedAt = Ulid.TimeOf(claim.Call),
            CompletedAt = now,
            Provider = "other",
            ProviderKeyType = "unmanaged",
            Endpoint = endpoint,
            Usage = usage,
            CustomerId = customer.Id,
            MeterId = meter.Id,
            Rate = meter.Rate,
            IsBilled = await IsCoveredAsync(tenant, customer, meter, cancellationToken),
            Metadata = metadata,
            ClaimHash = hash,
        };

        // Durable first, so that a crash between the books is mended by the queue's delivery; then at once, so that the answer can show the charge.
        await recorder.RecordAsync(tenant, record);
        var booked = await meterer.MeterAsync(tenant, [record], CancellationToken.None);
        return (RequestViews.Show(booked[0]), claimed.IsCommitted, null);
    }

    // Usage on a meter that is not on the plan is priced and shown, and draws on nothing (rest-api.md §6.1).
    private async ValueTask<bool> IsCoveredAsync(Tenant tenant, Customer customer, Meter meter, CancellationToken cancellationToken)
    {
        var planId = (await books.ReadCachedAsync(tenant, customer.Id, cancellationToken))?.Subscription.PlanId;
        return planId is not null && await plans.FindCachedAsync(tenant, planId, cancellationToken) is { } plan && plan.Covers(meter.Id);
    }

    private static string ContentHash(string customerId, string meterId, Usage usage, IReadOnlyDictionary<string, string>? metadata)
    {
        var sorted = metadata is null ? null : new SortedDictionary<string, string>(metadata.ToDictionary(), StringComparer.Ordinal);
        var content = new UsageRecord
        {
            Call = "", RequestId = "", Provider = "", ProviderKeyType = "", Endpoint = "", CreatedAt = default, CompletedAt = default,
            CustomerId = customerId, MeterId = meterId, Usage = usage, Metadata = sorted,
        };
        return Convert.ToHexStringLower(SHA256.HashData(Json.Write(content, MeteringJson.Default.UsageRecord).Span));
    }
}
