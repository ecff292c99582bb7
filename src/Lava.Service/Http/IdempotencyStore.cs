using System.Security.Cryptography;
using System.Text;
using Lava.Core.Keys;
using Lava.Service.Errors;
using Lava.Service.Expiry;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Http;

/// <summary>Keeps the first answer to a POST with an <c>Idempotency-Key</c> for 24 hours (rest-api.md §1.7).</summary>
public sealed class IdempotencyStore(ITableStore tables, ExpiryIndex expiry, TimeProvider time) : IExpiring
{
    private static readonly TimeSpan KeepTime = TimeSpan.FromHours(24);

    /// <summary>A request that has no answer after this long died; its key may be tried again.</summary>
    private static readonly TimeSpan RunTime = TimeSpan.FromMinutes(2);

    private const string Row = "first";

    /// <inheritdoc/>
    public string Kind => "idempotency";

    /// <inheritdoc/>
    public bool IsOver(TableRow row, DateTimeOffset now) => now - Json.Read(row.Data, HttpJson.Default.StoredAnswer).At > KeepTime;

    /// <summary>Runs a request, or answers as the first one with its key was answered.</summary>
    public async ValueTask<(ApiResult Result, bool IsReplay)> RunAsync(
        Tenant tenant, string credential, string key, string path, ReadOnlyMemory<byte> body, Func<ValueTask<ApiResult>> run, CancellationToken cancellationToken)
    {
        var partition = tenant.Partition + "|" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path + "\0" + key)));
        var now = time.GetUtcNow();
        var claim = new StoredAnswer(now, Convert.ToHexStringLower(SHA256.HashData(body.Span)), 0, null);
        var claimed = await tables.CommitAsync(Tables.Idempotency, partition, [TableWrite.Insert(Row, Json.Write(claim, HttpJson.Default.StoredAnswer))], cancellationToken);
        if (!claimed.IsCommitted)
        {
            var row = await tables.GetAsync(Tables.Idempotency, partition, Row, cancellationToken);
            if (row is null) return (ApiError.IdempotencyConflict("A request with this Idempotency-Key is still running."), false);
            var first = Json.Read(row.Data, HttpJson.Default.StoredAnswer);
            var isOver = now - first.At > (first.Status == 0 ? RunTime : KeepTime);
            if (!isOver) return (Answer(first, claim.BodyHash, credential, partition), first.Status != 0);
            claimed = await tables.CommitAsync(Tables.Idempotency, partition, [TableWrite.Replace(Row, Json.Write(claim, HttpJson.Default.StoredAnswer), row.ETag)], cancellationToken);
            if (!claimed.IsCommitted) return (ApiError.IdempotencyConflict("A request with this Idempotency-Key is still running."), false);
        }

        ApiResult result;
        try
        {
            await expiry.AddAsync(new ExpiringRow(Kind, Tables.Idempotency, partition, Row), now + KeepTime, cancellationToken);
            result = await run();
        }
        catch
        {
            await ForgetAsync(partition, claimed.ETags[0]);
            throw;
        }

        // A refusal changed nothing: the next try may be a better one.
        if (result.Error is not null) await ForgetAsync(partition, claimed.ETags[0]);
        else
        {
            var answer = claim with { Status = result.Status, Sealed = Seal(result.Body.Span, credential, partition) };
            await tables.CommitAsync(Tables.Idempotency, partition, [TableWrite.Replace(Row, Json.Write(answer, HttpJson.Default.StoredAnswer), claimed.ETags[0])], CancellationToken.None);
        }

        return (result, false);
    }

    private static ApiResult Answer(StoredAnswer first, string bodyHash, string credential, string partition)
    {
        if (first.BodyHash != bodyHash) return ApiError.IdempotencyConflict("This Idempotency-Key came with another body before.");
        if (first.Status == 0) return ApiError.IdempotencyConflict("A request with this Idempotency-Key is still running.");
        var body = Open(first.Sealed!, credential, partition);
        return body is null ? ApiError.IdempotencyConflict("This Idempotency-Key was used with another secret key.") : ApiResult.Replay(first.Status, body);
    }

    // Only the claim of that version: one that ran for too long may have been taken over.
    private async ValueTask ForgetAsync(string partition, string etag) =>
        await tables.CommitAsync(Tables.Idempotency, partition, [TableWrite.Delete(Row, etag)], CancellationToken.None);

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
