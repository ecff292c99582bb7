using System.Text.Json;
using Lava.Core.Keys;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Booking;
using Lava.Service.Ports.Queues;
using Lava.Service.Queues;
using Lava.Service.Storage;

namespace Lava.Service.Metering.Records;

/// <summary>Meters the usage records of the queue, and ends leases behind whose records a fence was sent.</summary>
public sealed class UsageMessageHandler(Meterer meterer, BookStore books, Settling settling, MeteringTelemetry telemetry) : IMessageHandler
{
    /// <inheritdoc/>
    public string Queue => UsageQueue.Name;

    /// <inheritdoc/>
    public int MaxMessages => 32;

    /// <inheritdoc/>
    public bool HasBarriers => true;

    /// <summary>Fences and marks: both say that what was sent before them is booked.</summary>
    /// <inheritdoc/>
    public bool IsBarrier(ReceivedMessage message) =>
        message.Id.StartsWith(UsageQueue.FencePrefix, StringComparison.Ordinal) || message.Id.StartsWith(UsageQueue.MarkPrefix, StringComparison.Ordinal);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var tenants = new Dictionary<Tenant, List<UsageRecord>>(1);
        List<LeaseFence>? fences = null;
        List<(Tenant Tenant, string Mark)>? marks = null;
        foreach (var message in messages)
        {
            UsageMessage usage;
            try
            {
                usage = Json.Read(message.Body, MeteringJson.Default.UsageMessage);
            }
            catch (JsonException fault)
            {
                throw new PoisonMessageException("It is no usage message.", fault) { Poison = message };
            }

            var tenant = new Tenant(usage.MerchantId, usage.IsLive ? Mode.Live : Mode.Test);
            if (usage.Mark is not null)
            {
                (marks ??= []).Add((tenant, usage.Mark));
                continue;
            }

            if (!tenants.TryGetValue(tenant, out var records)) tenants[tenant] = records = [];
            records.AddRange(usage.Records);
            if (usage.Fences is not null) (fences ??= []).AddRange(usage.Fences);
        }

        foreach (var (tenant, records) in tenants)
        {
            if (records.Count == 0) continue;
            await meterer.MeterAsync(tenant, records, cancellationToken);
            telemetry.Metered(Queue, records);
        }

        // All records that were durable before a fence are booked now. Some that came after it may be too, which does no harm.
        foreach (var fence in fences ?? []) await LeaseFences.ApplyAsync(books, fence, cancellationToken);

        if (marks is null) return;
        foreach (var (tenant, mark) in marks) await settling.ReachAsync(tenant, mark, cancellationToken);
    }
}
