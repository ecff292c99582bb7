using System.Security.Cryptography;
using System.Text;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Metering.Rollups;

/// <summary>Finds requests by meter, by metadata, by model, and those that failed. Its rows repeat what the books hold, so writing them again changes
/// nothing; a message is not done before they are written.</summary>
public sealed class RequestIndex(ITableStore tables)
{
    /// <summary>What a row holds whose key says all.</summary>
    private static readonly ReadOnlyMemory<byte> Nothing = "{}"u8.ToArray();

    /// <summary>Partition of a meter's requests.</summary>
    public static string ByMeter(Tenant tenant, string meterId) => tenant.Partition + "|meter|" + meterId;

    /// <summary>Partition of the requests with a metadata pair.</summary>
    public static string ByPair(Tenant tenant, string key, string value) => ByPair(tenant, MetadataPairs.Hash(key, value));

    /// <summary>Partition of a model's requests. A name has characters that keys may not have.</summary>
    public static string ByModel(Tenant tenant, string model) =>
        tenant.Partition + "|model|" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(model)).AsSpan(0, 16));

    /// <summary>Partition of the requests that failed. One that was closed as an error and completed after all stays there.</summary>
    public static string Errors(Tenant tenant) => tenant.Partition + "|errors";

    private static string ByPair(Tenant tenant, string hash) => tenant.Partition + "|pair|" + hash;

    internal async Task WriteAsync(Tenant tenant, IReadOnlyList<StoredRequest> requests, CancellationToken cancellationToken)
    {
        var partitions = new Dictionary<string, List<TableWrite>>(StringComparer.Ordinal);
        foreach (var request in requests)
        {
            var record = request.Record;
            if (request.IsStripped) continue;
            var key = Ulid.Mirror(record.Call);
            if (record.Model is not null) Add(partitions, ByModel(tenant, record.Model), TableWrite.Put(key, Nothing));
            if (record.IsError) Add(partitions, Errors(tenant), TableWrite.Put(key, Nothing));
            if (record.MeterId is null && record.Metadata is null or { Count: 0 }) continue;
            var pairs = MetadataPairs.Hashes(record.Metadata);
            var row = new IndexedCall(
                record.CreatedAt,
                record.CustomerId,
                record.MeterId,
                pairs,
                DayRollups.SumOf(record, request.Charge?.Amount ?? 0),
                record.IsCached);
            var write = TableWrite.Put(key, Json.Write(row, MeteringJson.Default.IndexedCall));
            if (record.MeterId is not null) Add(partitions, ByMeter(tenant, record.MeterId), write);
            foreach (var pair in pairs) Add(partitions, ByPair(tenant, pair), write);
        }

        await Parallel.ForEachAsync(partitions, new ParallelOptions
        {
            MaxDegreeOfParallelism = 16,
            CancellationToken = cancellationToken,
        }, async (partition, token) =>
        {
            foreach (var chunk in partition.Value.Chunk(TableLimits.MaxWrites)) await tables.CommitAsync(TableNames.RequestIndex, partition.Key, chunk, token);
        });
    }

    /// <summary>Removes a request from the index; one that is not there is none the worse.</summary>
    internal async Task RemoveAsync(Tenant tenant, UsageRecord record, CancellationToken cancellationToken)
    {
        TableWrite[] remove = [TableWrite.Delete(Ulid.Mirror(record.Call))];
        if (record.MeterId is not null) await tables.CommitAsync(TableNames.RequestIndex, ByMeter(tenant, record.MeterId), remove, cancellationToken);
        if (record.Model is not null) await tables.CommitAsync(TableNames.RequestIndex, ByModel(tenant, record.Model), remove, cancellationToken);
        if (record.IsError) await tables.CommitAsync(TableNames.RequestIndex, Errors(tenant), remove, cancellationToken);
        foreach (var pair in MetadataPairs.Hashes(record.Metadata))
            await tables.CommitAsync(TableNames.RequestIndex, ByPair(tenant, pair), remove, cancellationToken);
    }

    private static void Add(Dictionary<string, List<TableWrite>> partitions, string partition, TableWrite write)
    {
        if (!partitions.TryGetValue(partition, out var writes)) partitions[partition] = writes = [];
        writes.Add(write);
    }
}
