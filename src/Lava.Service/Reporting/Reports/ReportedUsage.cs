using System.Globalization;
using System.Security.Cryptography;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Pricing;
using Lava.Service.Api.Errors;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Clocks;
using Lava.Service.Customers;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;
using Lava.Service.Pricing.Meters;
using Lava.Service.Pricing.Plans;
using Lava.Service.Reporting.Requests;
using Lava.Service.Storage;

namespace Lava.Service.Reporting.Reports;

/// <summary>Takes in usage that did not pass the gateway (behaviour.md §5.6): recorded and charged once for each request id, whatever the balance, since it has
/// happened.</summary>
/// <remarks>1. Customers and meters are found. 2. The request ids are claimed, so that a repeat finds the same call. 3. The records are made durable in the
/// queue. 4. They are metered at once, so that the answer can show the charge; a crash before that is mended by the queue's delivery.</remarks>
internal sealed class ReportedUsage(
    ITableStore tables,
    Meterer meterer,
    UsageRecorder recorder,
    RequestStore requests,
    CustomerStore customers,
    MeterStore meters,
    CustomerBilling billing,
    BillingBooks books,
    PlanStore plans,
    ClockTime clocks,
    TimeProvider time)
{
    /// <summary>Most reports of a batch.</summary>
    public const int MaxReports = 1_000;

    /// <summary>How far ahead of this server's clock a reporter's may be.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(5);

    /// <summary>Records reports, each for itself. A repeat with the same content finds the stored request; with other content it is refused.</summary>
    /// <param name="tenant">The merchant and the mode.</param>
    /// <param name="inputs">The reports, at most <see cref="MaxReports"/>.</param>
    /// <param name="endpoint">Method and address by which they came.</param>
    /// <param name="cancellationToken">Ends it before anything is claimed.</param>
    /// <returns>The outcomes, in the reports' order.</returns>
    public async ValueTask<IReadOnlyList<ReportOutcome>> ReportAsync(
        Tenant tenant,
        IReadOnlyList<UsageInput> inputs,
        string endpoint,
        CancellationToken cancellationToken)
    {
        var outcomes = new ReportOutcome?[inputs.Count];
        var reports = new List<Report>(inputs.Count);
        var byId = new Dictionary<string, Report>(StringComparer.Ordinal);
        var known = new Dictionary<(string, string), Payer>();
        for (var i = 0; i < inputs.Count; i++)
        {
            var input = inputs[i];
            if (!known.TryGetValue((input.CustomerId, input.MeterSlug), out var payer))
                known[(input.CustomerId, input.MeterSlug)] = payer = await FindPayerAsync(tenant, input, cancellationToken);
            if ((payer.Error ?? await CheckTimeAsync(tenant, payer, input, cancellationToken)) is { } error)
            {
                // What was reported before is answered as it was, though its meter is deleted or its cycle is over since.
                outcomes[i] = await FindRepeatAsync(tenant, input, cancellationToken) ?? new ReportOutcome(null, false, error);
                continue;
            }

            var report = new Report(i, input, payer, RequestStore.HashOf(input.RequestId), ClaimOf(input, payer));

            // The same id twice in a batch: the second is a repeat of the first.
            if (byId.TryAdd(input.RequestId, report)) reports.Add(report);
            else if (byId[input.RequestId].Claim.ContentHash == report.Claim.ContentHash) report.Twin = byId[input.RequestId];
            else outcomes[i] = new ReportOutcome(null, false, ApiError.RequestIdConflict());
            if (report.Twin is not null) report.Twin.Repeats.Add(i);
        }

        await ClaimAsync(tenant, reports);
        var booked = await BookAsync(tenant, reports, endpoint);
        foreach (var report in reports)
        {
            var shown = report.Stored ?? (report.Error is null ? RequestViews.Show(booked[report.Claim.Call]) : null);
            outcomes[report.Index] = new ReportOutcome(shown, report.IsNew, report.Error);
            foreach (var repeat in report.Repeats) outcomes[repeat] = new ReportOutcome(shown, false, report.Error);
        }

        return outcomes!;
    }

    private async ValueTask<Payer> FindPayerAsync(Tenant tenant, UsageInput input, CancellationToken cancellationToken)
    {
        if (await customers.FindAsync(tenant, input.CustomerId, cancellationToken) is not { } customer)
            return new Payer { Error = ApiError.NotFound("customer") };
        if (await meters.FindAsync(tenant, input.MeterSlug, cancellationToken) is not { } meter) return new Payer { Error = ApiError.NotFound("meter") };
        await billing.OpenAsync(tenant, customer.Customer, cancellationToken);
        var now = await clocks.NowAsync(tenant, customer.Customer.TestClockId, cancellationToken);
        return new Payer
        {
            Customer = customer.Customer,
            Meter = meter.Meter,
            Now = now,
            IsBilled = await IsCoveredAsync(tenant, customer.Customer, meter.Meter, cancellationToken),
        };
    }

    // Usage on a meter that is not on the plan is priced and shown, and draws on nothing (rest-api.md §6.1).
    private async ValueTask<bool> IsCoveredAsync(Tenant tenant, Customer customer, Meter meter, CancellationToken cancellationToken)
    {
        var planId = (await books.ReadCachedAsync(tenant, customer.Id, cancellationToken))?.Subscription.PlanId;
        return planId is not null && await plans.FindCachedAsync(tenant, planId, cancellationToken) is { } plan && plan.Covers(meter.Id);
    }

    // Back-dated usage lies in the cycle that is still open, so that a bill that was made is never changed.
    private async ValueTask<ApiError?> CheckTimeAsync(Tenant tenant, Payer payer, UsageInput input, CancellationToken cancellationToken)
    {
        if (input.Timestamp is not { } at) return null;
        payer.CycleStart ??= (await books.ReadAsync(tenant, payer.Customer!.Id, cancellationToken))?.Subscription.CycleStart ?? DateTimeOffset.MinValue;
        if (at >= payer.CycleStart && at <= payer.Now + Leeway) return null;
        var from = payer.CycleStart.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return ApiError.Validation(Issue.At("timestamp", $"timestamp must be in the customer's current cycle, which began at {from}, and not in the future."));
    }

    private static RequestClaim ClaimOf(UsageInput input, Payer payer) =>
        new(
            Ulid.Create(input.Timestamp ?? payer.Now),
            ContentHash(payer.Customer!.Id, payer.Meter!.Id, Normalized(input.Usage), input.Metadata, input.Timestamp));

    private async ValueTask ClaimAsync(Tenant tenant, List<Report> reports)
    {
        var partition = BookKey.Wallet(tenant).Partition;
        foreach (var chunk in reports.Chunk(TableLimits.MaxWrites))
        {
            var all = chunk.Length > 1 && (await tables.CommitAsync(TableNames.Books, partition, [.. chunk.Select(Write)], CancellationToken.None)).IsCommitted;
            foreach (var report in chunk) report.IsNew = all;
            if (all) continue;

            // Some were reported before: each for itself.
            await Parallel.ForEachAsync(chunk, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (report, token) =>
            {
                report.IsNew = (await tables.CommitAsync(TableNames.Books, partition, [Write(report)], token)).IsCommitted;
                if (report.IsNew) return;
                var row = await tables.GetAsync(TableNames.Books, partition, BookRows.Claim(report.Hash), token);
                var first = Json.Read(row!.Data, RequestsJson.Default.RequestClaim);
                if (first.ContentHash != report.Claim.ContentHash && first.ContentHash != AsBefore(report)) report.Error = ApiError.RequestIdConflict();
                else if (await requests.ReadAsync(tenant, first.Call, token) is { } stored) report.Stored = Shown(stored, report.Input);

                // Otherwise the first report died before it was booked: this one finishes it, as the same call.
                else report.Claim = first;
            });
        }

        static TableWrite Write(Report report) => TableWrite.Insert(BookRows.Claim(report.Hash), Json.Write(report.Claim, RequestsJson.Default.RequestClaim));
    }

    private async ValueTask<Dictionary<string, StoredRequest>> BookAsync(Tenant tenant, List<Report> reports, string endpoint)
    {
        var records = reports.Where(report => report.Stored is null && report.Error is null).Select(report => RecordOf(report, endpoint)).ToList();
        if (records.Count == 0) return [];
        await Task.WhenAll(records.Select(record => recorder.RecordAsync(tenant, record)));
        return (await meterer.MeterAsync(tenant, records, CancellationToken.None)).ToDictionary(request => request.Record.Call, StringComparer.Ordinal);
    }

    private UsageRecord RecordOf(Report report, string endpoint)
    {
        var at = report.Input.Timestamp ?? Ulid.TimeOf(report.Claim.Call);
        return new UsageRecord
        {
            Call = report.Claim.Call,
            RequestId = report.Input.RequestId,
            CreatedAt = at,
            CompletedAt = report.Input.Timestamp is null && report.Payer.Customer!.TestClockId is null ? time.GetUtcNow() : at,
            Provider = "other",
            ProviderKeyType = "unmanaged",
            Endpoint = endpoint,
            Usage = report.Input.Usage,
            CustomerId = report.Payer.Customer!.Id,
            MeterId = report.Payer.Meter!.Id,
            Rate = report.Payer.Meter.Rate,
            IsBilled = report.Payer.IsBilled,
            Metadata = report.Input.Metadata,
            ClaimHash = report.Hash,
        };
    }

    // Null where nothing is stored under the id.
    private async ValueTask<ReportOutcome?> FindRepeatAsync(Tenant tenant, UsageInput input, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(
            TableNames.Books,
            BookKey.Wallet(tenant).Partition,
            BookRows.Claim(RequestStore.HashOf(input.RequestId)),
            cancellationToken);
        if (row is null || await requests.ReadAsync(tenant, Json.Read(row.Data, RequestsJson.Default.RequestClaim).Call, cancellationToken) is not { } stored)
            return null;
        var record = stored.Record;
        var isSame = record.Usage == input.Usage
            && (record.Metadata
                ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal).SequenceEqual((input.Metadata
                    ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            && (input.Timestamp is null || input.Timestamp == record.CreatedAt)
            && (input.CustomerId == record.CustomerId
                || (await customers.FindEverAsync(tenant, record.CustomerId!, cancellationToken))?.ReferenceId == input.CustomerId)
            && (input.MeterSlug == record.MeterId || (await meters.FindEverAsync(tenant, record.MeterId!, cancellationToken))?.Slug == input.MeterSlug);
        return isSame ? new ReportOutcome(Shown(stored, input), false) : new ReportOutcome(null, false, ApiError.RequestIdConflict());
    }

    // What is kept of a request past its time has lost its id.
    private static RequestResponse Shown(StoredRequest stored, UsageInput input) =>
        RequestViews.Show(stored with { Record = stored.Record with { RequestId = input.RequestId } });

    // 1.5 and 1.50 are the same value and not the same digits.
    private static Usage Normalized(Usage usage) =>
        usage with
        {
            InputSeconds = usage.InputSeconds / 1.0000000000000000000000000000m,
            OutputSeconds = usage.OutputSeconds / 1.0000000000000000000000000000m,
        };

    // Claims of earlier versions hashed the digits as they came.
    private static string AsBefore(Report report) =>
        ContentHash(report.Payer.Customer!.Id, report.Payer.Meter!.Id, report.Input.Usage, report.Input.Metadata, null);

    private static string ContentHash(string customerId, string meterId, Usage usage, IReadOnlyDictionary<string, string>? metadata, DateTimeOffset? timestamp)
    {
        var sorted = metadata is null ? null : new SortedDictionary<string, string>(metadata.ToDictionary(), StringComparer.Ordinal);
        var content = new UsageRecord
        {
            Call = "",
            RequestId = "",
            Provider = "",
            ProviderKeyType = "",
            Endpoint = "",
            CreatedAt = timestamp?.ToUniversalTime() ?? default,
            CompletedAt = default,
            CustomerId = customerId, MeterId = meterId, Usage = usage, Metadata = sorted,
        };
        return Convert.ToHexStringLower(SHA256.HashData(Json.Write(content, MeteringJson.Default.UsageRecord).Span));
    }

    private sealed class Payer
    {
        public ApiError? Error { get; init; }

        public Customer? Customer { get; init; }

        public Meter? Meter { get; init; }

        public DateTimeOffset Now { get; init; }

        public bool IsBilled { get; init; }

        public DateTimeOffset? CycleStart { get; set; }
    }

    private sealed class Report(int index, UsageInput input, Payer payer, string hash, RequestClaim claim)
    {
        public int Index { get; } = index;

        public UsageInput Input { get; } = input;

        public Payer Payer { get; } = payer;

        public string Hash { get; } = hash;

        public RequestClaim Claim { get; set; } = claim;

        public bool IsNew { get; set; }

        public RequestResponse? Stored { get; set; }

        public ApiError? Error { get; set; }

        public Report? Twin { get; set; }

        public List<int> Repeats { get; } = [];
    }
}
