using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Lava.Core.Keys;
using Lava.Service.Api.Errors;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Storage.Expiry;

namespace Lava.Service.Api.Idempotency;

/// <summary>Keeps the first answer to a POST with an <c>Idempotency-Key</c> for 24 hours (rest-api.md §1.7).</summary>
internal sealed class IdempotencyStore(ITableStore tables, ExpiryIndex expiry, TimeProvider time) : IExpiring
{
    private static readonly TimeSpan KeepTime = TimeSpan.FromHours(24);

    /// <summary>A request whose instance has not said for this long that it is alive died with it; a repeat carries it out.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(6);

    /// <summary>How often a repeat looks for an answer that another instance is making, and whether that instance is alive.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>Most looks: by then the other instance has said that it is alive, or is dead.</summary>
    private const int MaxLooks = 40;

    /// <summary>The partitions of the requests that this instance is carrying out.</summary>
    private readonly ConcurrentDictionary<string, byte> _running = new(StringComparer.Ordinal);

    private const string Row = "first";

    /// <inheritdoc/>
    public string Kind => "idempotency";

    /// <inheritdoc/>
    public bool IsOver(TableRow row, DateTimeOffset now) => now - Json.Read(row.Data, HttpJson.Default.StoredAnswer).At > KeepTime;

    /// <summary>Runs a request, or answers as the first one with its key was answered.</summary>
    public async ValueTask<(ApiResult Result, bool IsReplay)> RunAsync(
        Tenant tenant,
        string credential,
        string key,
        string path,
        ReadOnlyMemory<byte> body,
        Func<ValueTask<ApiResult>> run,
        CancellationToken cancellationToken)
    {
        var partition = tenant.Partition + "|" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path + "\0" + key)));
        var bodyHash = Convert.ToHexStringLower(SHA256.HashData(body.Span));
        var (claim, etag, found) = await ClaimAsync(partition, bodyHash, cancellationToken);
        if (found is not null)
        {
            // A conflict is no replay.
            var before = Answer(found, bodyHash, credential, partition);
            return (before, before.Error is null);
        }

        try
        {
            return (await CarryOutAsync(claim!, etag!, credential, partition, run, cancellationToken), false);
        }
        finally
        {
            _running.TryRemove(partition, out _);
        }
    }

    /// <summary>Claims the key for this request, or finds what became of a request before it. Where that is not known, for it is another instance's, it is
    /// waited for until it is: answered, still being carried out, or dead with its instance.</summary>
    private async ValueTask<(StoredAnswer? Claim, string? ETag, StoredAnswer? Found)> ClaimAsync(
        string partition,
        string bodyHash,
        CancellationToken cancellationToken)
    {
        var (seen, seenAt) = ("", 0L);
        for (var looks = 1; ; looks++)
        {
            var now = time.GetUtcNow();
            var claim = new StoredAnswer(now, bodyHash, 0, null, now + LeaseTime);
            var claimed = await tables.CommitAsync(
                TableNames.Idempotency,
                partition,
                [TableWrite.Insert(Row, Json.Write(claim, HttpJson.Default.StoredAnswer))],
                cancellationToken);
            if (claimed.IsCommitted) return Own();
            var row = await tables.GetAsync(TableNames.Idempotency, partition, Row, cancellationToken);
            if (row is null) continue;
            var first = Json.Read(row.Data, HttpJson.Default.StoredAnswer);
            var isAlive = _running.ContainsKey(partition) || (seen.Length > 0 && row.ETag != seen);
            if (row.ETag != seen) (seen, seenAt) = (row.ETag, time.GetTimestamp());

            // By this instance's own measure too: the clock that wrote the time may have been ahead.
            var isDead = first.Status == 0 && !isAlive && ((first.Until ?? first.At) <= now || time.GetElapsedTime(seenAt) > LeaseTime);
            if (isDead || (first.Status != 0 && now - first.At > KeepTime))
            {
                claimed = await tables.CommitAsync(
                    TableNames.Idempotency,
                    partition,
                    [TableWrite.Replace(Row, Json.Write(claim, HttpJson.Default.StoredAnswer), row.ETag)],
                    cancellationToken);
                if (claimed.IsCommitted) return Own();
                continue;
            }

            if (first.Status != 0 || first.BodyHash != bodyHash || isAlive || looks > MaxLooks) return (null, null, first);
            await Task.Delay(LookPeriod, time, cancellationToken);

            (StoredAnswer?, string?, StoredAnswer?) Own()
            {
                _running[partition] = 0;
                return (claim, claimed.ETags[0], null);
            }
        }
    }

    private async ValueTask<ApiResult> CarryOutAsync(
        StoredAnswer claim, string etag, string credential, string partition, Func<ValueTask<ApiResult>> run, CancellationToken cancellationToken)
    {
        ApiResult result;
        try
        {
            await expiry.AddAsync(new ExpiringRow(Kind, TableNames.Idempotency, partition, Row), claim.At + KeepTime, cancellationToken);
            var running = run().AsTask();
            while (!running.IsCompleted)
            {
                using var stop = new CancellationTokenSource();
                if (await Task.WhenAny(running, Task.Delay(LeaseTime / 3, time, stop.Token)) == running) await stop.CancelAsync();
                else etag = await RenewAsync(claim, partition, etag);
            }

            result = await running;
        }
        catch
        {
            await ForgetAsync(partition, etag);
            throw;
        }

        // A refusal changed nothing: the next try may be a better one.
        if (result.Error is not null) await ForgetAsync(partition, etag);
        else
        {
            var answer = claim with { Status = result.Status, Sealed = Seal(result.Body.Span, credential, partition), Until = null };
            await tables.CommitAsync(
                TableNames.Idempotency,
                partition,
                [TableWrite.Replace(Row, Json.Write(answer, HttpJson.Default.StoredAnswer), etag)],
                CancellationToken.None);
        }

        return result;
    }

    /// <summary>Says that the request is still being carried out. Returns the claim's version, which is the old one where the claim was lost or the store does
    /// not answer: then nothing that is written with it takes effect, or the next renewal does.</summary>
    private async ValueTask<string> RenewAsync(StoredAnswer claim, string partition, string etag)
    {
        try
        {
            var renewed = Json.Write(claim with { Until = time.GetUtcNow() + LeaseTime }, HttpJson.Default.StoredAnswer);
            var result = await tables.CommitAsync(TableNames.Idempotency, partition, [TableWrite.Replace(Row, renewed, etag)], CancellationToken.None);
            return result.IsCommitted ? result.ETags[0] : etag;
        }
        catch (TableStoreException)
        {
            return etag;
        }
    }

    private static ApiResult Answer(StoredAnswer first, string bodyHash, string credential, string partition)
    {
        if (first.BodyHash != bodyHash) return ApiError.IdempotencyConflict("This Idempotency-Key was already used with a different body.");
        if (first.Status == 0) return ApiError.IdempotencyConflict("A request with this Idempotency-Key is still running.");
        var body = Open(first.Sealed!, credential, partition);
        return body is null ? ApiError.IdempotencyConflict("This Idempotency-Key was used with another secret key.") : ApiResult.Replay(first.Status, body);
    }

    // Only the claim of that version: one that ran for too long may have been taken over.
    private async ValueTask ForgetAsync(string partition, string etag) =>
        await tables.CommitAsync(TableNames.Idempotency, partition, [TableWrite.Delete(Row, etag)], CancellationToken.None);

    private static byte[] Key(string credential, string partition) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(credential), 32, Encoding.UTF8.GetBytes(partition), "lava idempotency"u8.ToArray());

    private static byte[] Seal(ReadOnlySpan<byte> plain, string credential, string partition)
    {
        var box = new byte[12 + 16 + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, 12));
        using var aes = new AesGcm(Key(credential, partition), 16);
        aes.Encrypt(box.AsSpan(0, 12), plain, box.AsSpan(28), box.AsSpan(12, 16));
        return box;
    }

    private static byte[]? Open(byte[] box, string credential, string partition)
    {
        var plain = new byte[box.Length - 28];
        using var aes = new AesGcm(Key(credential, partition), 16);
        try
        {
            aes.Decrypt(box.AsSpan(0, 12), box.AsSpan(28), box.AsSpan(12, 16), plain);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
