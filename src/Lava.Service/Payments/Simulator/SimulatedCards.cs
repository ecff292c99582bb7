using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Payments.Simulator;

/// <summary>The simulated processor's cards. They and the payments that were made with them lie in the partition of their owner.</summary>
internal sealed class SimulatedCards(ITableStore tables, TimeProvider time)
{
    private const string Prefix = "method|";
    private const string DefaultRow = "default";

    /// <summary>Most cards that an owner is shown; Stripe shows as many on a page.</summary>
    private const int MaxListed = 100;

    public async ValueTask<IReadOnlyList<PaymentMethod>> ListAsync(string owner, CancellationToken cancellationToken)
    {
        var standard = await DefaultAsync(owner, cancellationToken);
        var rows = await tables.QueryAsync(TableNames.Payments, owner, KeyRange.Prefix(Prefix), MaxListed, cancellationToken);
        return [.. rows.Select(row => Json.Read(row.Data, PaymentsJson.Default.StoredMethod).Method).Select(method =>
            method with { IsDefault = method.Id == standard?.Id })];
    }

    /// <summary>Adds a card, and does another write with it where one is given; null where that write fails.</summary>
    public async ValueTask<PaymentMethod?> AddAsync(string owner, TestCard card, Func<PaymentMethod, TableWrite>? also, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var method = new PaymentMethod
        {
            Id = Id.Create("pm", Mode.Test, now),
            Last4 = card.Number[^4..],
            Brand = card.Brand,
            ExpiryMonth = "12",
            ExpiryYear = (now.Year + 4).ToString("D4", null),
        };
        var add = TableWrite.Insert(Row(method.Id), Write(new StoredMethod(method, card.Token)));

        // The first of several that are added at once becomes the default.
        var standard = method with { IsDefault = true };
        var first = await tables.CommitAsync(
            TableNames.Payments,
            owner,
            [add, TableWrite.Insert(DefaultRow, Write(method.Id)), .. Also(standard)],
            cancellationToken);
        if (first.IsCommitted) return standard;
        var next = await tables.CommitAsync(TableNames.Payments, owner, [add, .. Also(method)], cancellationToken);
        return next.IsCommitted ? method : null;

        TableWrite[] Also(PaymentMethod added) => also is null ? [] : [also(added)];
    }

    public async ValueTask<bool> RemoveAsync(string owner, string id, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await FindAsync(owner, id, cancellationToken) is not { } found) return false;
            var writes = new List<TableWrite> { TableWrite.Delete(Row(id), found.ETag) };
            if (await DefaultAsync(owner, cancellationToken) is { } standard && standard.Id == id) writes.Add(TableWrite.Delete(DefaultRow, standard.ETag));
            if ((await tables.CommitAsync(TableNames.Payments, owner, writes, cancellationToken)).IsCommitted) return true;
        }
    }

    public async ValueTask<bool> SetDefaultAsync(string owner, string id, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await FindAsync(owner, id, cancellationToken) is not { } found) return false;

            // Written as it is, so that a card that is removed meanwhile does not become the default.
            var writes = new[] { TableWrite.Replace(Row(id), Write(found.Stored), found.ETag), TableWrite.Put(DefaultRow, Write(id)) };
            if ((await tables.CommitAsync(TableNames.Payments, owner, writes, cancellationToken)).IsCommitted) return true;
        }
    }

    /// <summary>A card, or the default where none is named; null where there is none.</summary>
    public async ValueTask<(StoredMethod Stored, string ETag)?> FindAsync(string owner, string? id, CancellationToken cancellationToken)
    {
        id ??= (await DefaultAsync(owner, cancellationToken))?.Id;
        if (!Id.TryGetUlid(id, "pm", Mode.Test, out _)) return null;
        var row = await tables.GetAsync(TableNames.Payments, owner, Row(id!), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, PaymentsJson.Default.StoredMethod), row.ETag);
    }

    /// <summary>Marks a card with what became of its last charge. The write fails where the card has changed or is gone.</summary>
    public static TableWrite Mark((StoredMethod Stored, string ETag) card, Payment payment, DateTimeOffset at)
    {
        var method = payment.Status == PaymentStatus.Failed
            ? card.Stored.Method with { ErrorCode = payment.DeclineCode, ErrorMessage = payment.Message, ErrorAt = at }
            : card.Stored.Method with { ErrorCode = null, ErrorMessage = null, ErrorAt = null };
        return TableWrite.Replace(Row(method.Id), Write(card.Stored with { Method = method }), card.ETag);
    }

    private async ValueTask<(string Id, string ETag)?> DefaultAsync(string owner, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Payments, owner, DefaultRow, cancellationToken) is { } row
            ? (Json.Read(row.Data, PaymentsJson.Default.String), row.ETag)
            : null;

    private static ReadOnlyMemory<byte> Write(string id) => Json.Write(id, PaymentsJson.Default.String);

    private static ReadOnlyMemory<byte> Write(StoredMethod method) => Json.Write(method, PaymentsJson.Default.StoredMethod);

    private static string Row(string id) => RowPaging.Key(Prefix, id);
}
