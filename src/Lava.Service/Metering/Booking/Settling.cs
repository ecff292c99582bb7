using System.Text;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api;
using Lava.Service.Api.Errors;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Storage.Expiry;

namespace Lava.Service.Metering.Booking;

/// <summary>Waits until the calls that have ended are booked. A mark is sent behind them in the tenant's session of the usage queue; who meters the session
/// leaves a row when it comes to the mark. So it works on any instance, and costs nothing unless it is asked for.</summary>
public sealed class Settling(ITableStore tables, IMessageQueue queue, ExpiryIndex expiry, TimeProvider time) : IExpiring
{
    private const string Row = "settled";

    /// <summary>Waits between looks, milliseconds; two seconds together.</summary>
    private static readonly int[] CheckDelays = [5, 10, 20, 40, 80, 145, 200, 250, 250, 250, 250, 250, 250];

    /// <inheritdoc/>
    public string Kind => "settled";

    /// <inheritdoc/>
    public bool IsOver(TableRow row, DateTimeOffset now) => true;

    /// <summary>Waits where the query says <c>settled=true</c>, at most two seconds; what is not booked by then is not waited for.</summary>
    /// <returns>The refusal of another value; null otherwise.</returns>
    public async ValueTask<ApiError?> WaitAsync(ManagementRequest request)
    {
        if (!request.Query.TryGetValue("settled", out var asked) || asked == "false") return null;
        if (asked != "true") return ApiError.Validation(Issue.At("settled", "settled must be true or false."));
        await WaitAsync(request.Tenant, request.Cancelled);
        return null;
    }

    /// <summary>Waits until what a tenant's calls have left behind by now is booked, at most two seconds.</summary>
    /// <returns>Whether it is.</returns>
    public async ValueTask<bool> WaitAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        var mark = Ulid.Create(time.GetUtcNow());
        var partition = Partition(tenant, mark);
        var message = new UsageMessage(tenant.MerchantId, tenant.Mode == Mode.Live, []) { Mark = mark };
        await queue.SendAsync(
            UsageQueue.Name,
            [new OutgoingMessage(UsageQueue.MarkPrefix + mark, tenant.Partition, Json.Write(message, MeteringJson.Default.UsageMessage))],
            cancellationToken);
        foreach (var wait in CheckDelays)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(wait), time, cancellationToken);
            if (await tables.GetAsync(TableNames.Idempotency, partition, Row, cancellationToken) is not { } row) continue;
            await tables.CommitAsync(TableNames.Idempotency, partition, [TableWrite.Delete(Row, row.ETag)], cancellationToken);
            return true;
        }

        // The mark comes later, and nobody takes it away then.
        await expiry.AddAsync(new ExpiringRow(Kind, TableNames.Idempotency, partition, Row), time.GetUtcNow().AddHours(1), cancellationToken);
        return false;
    }

    /// <summary>Says that everything before a mark is booked.</summary>
    internal async ValueTask ReachAsync(Tenant tenant, string mark, CancellationToken cancellationToken) =>
        await tables.CommitAsync(TableNames.Idempotency, Partition(tenant, mark), [TableWrite.Put(Row, Encoding.UTF8.GetBytes("{}"))], cancellationToken);

    private static string Partition(Tenant tenant, string mark) => $"{tenant.Partition}|settled|{mark}";
}
