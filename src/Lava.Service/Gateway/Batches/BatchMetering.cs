using System.Buffers;
using Lava.Core.Catalogue;
using Lava.Core.Formats.Batches;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Core.Pricing;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Relay;
using Lava.Service.Gateway.Reservations;
using Lava.Service.Gateway.Upstream;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Pending;
using Lava.Service.Metering.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lava.Service.Gateway.Batches;

/// <summary>Charges the results of a batch before they are handed out, each answer once for good (docs/gateway.md).</summary>
/// <remarks>1. The results are read through once, and nothing of them is handed out. 2. What they cost is reserved of the customer's credits. 3. They are
/// claimed for their payer, so a refusal leaves them to another. 4. Each answer's usage record becomes durable under an id that is made from the claim and the
/// answer, so a repeat charges nothing. 5. The claim is closed. Only then are the results fetched again and relayed, and from then on as often as they are
/// asked for.</remarks>
internal sealed partial class BatchMetering(
    BatchClaims claims,
    ProviderCatalogue catalogue,
    UpstreamAttempts attempts,
    Budgets budgets,
    UsageRecorder recorder,
    PendingCalls pendingCalls,
    CallSettlement settlement,
    CallsInFlight inFlight,
    GatewayTelemetry telemetry,
    Instance instance,
    IOptions<GatewayOptions> options,
    TimeProvider time,
    ILogger<BatchMetering> logger)
{
    /// <summary>Records that are sent to the queue together.</summary>
    private const int RecordsAtOnce = 1_000;

    /// <summary>Charges the results that a call asks for, unless they are charged already.</summary>
    /// <param name="http">The request.</param>
    /// <param name="call">The call that asks for them; nothing of it has been sent.</param>
    /// <returns>Whether they may be handed out. If not, the request is answered, or there is an error to answer it with.</returns>
    public async ValueTask<(bool IsCharged, ApiError? Error)> ChargeAsync(HttpContext http, ForwardCall call)
    {
        var tenant = call.Tenant;
        var key = BatchClaims.KeyOf(call.Provider.Id, call.Url.AbsolutePath);
        var known = await claims.FindAsync(tenant, key, http.RequestAborted);
        if (known?.IsDone == true) return (true, null);
        var (customer, meter) = (call.Incoming.Customer?.Id, call.Incoming.Meter?.Id);
        if (known is not null && (known.CustomerId != customer || known.MeterId != meter)) return (false, ApiError.BatchPayerConflict());

        using var timeouts = new CallTimeouts(options.Value, time, http, inFlight.Ended);
        var attempt = await attempts.SendAsync(call, http.Request, timeouts, hasNext: false);
        using var answer = attempt.Answer;
        if (answer is null) return (false, Fail(call, attempt.Failure!, attempt.Error!.Status));
        if (!answer.IsSuccessStatusCode)
        {
            // There are no results yet, or no such batch: the provider says it best.
            Fail(call, CallFailure.ProviderError, (int)answer.StatusCode);
            AnswerHead.Copy(http, call, answer);
            await using var error = await attempt.OpenAsync(decoded: false, timeouts.Token);
            await error.CopyToAsync(http.Response.Body, timeouts.Token);
            return (false, null);
        }

        List<Line> lines;
        try
        {
            await using var body = await attempt.OpenAsync(decoded: true, timeouts.Token);
            lines = await ReadAsync(call, body, timeouts);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return (false, Fail(call, CallFailure.ProviderTimeout, StatusCodes.Status504GatewayTimeout));
        }
        catch (InvalidDataException)
        {
            return (false, Fail(call, CallFailure.AnswerInvalid, StatusCodes.Status502BadGateway));
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            return (false, Fail(call, CallFailure.AnswerIncomplete, StatusCodes.Status502BadGateway));
        }

        // A fetch that died may have charged some of them already.
        if (known is not null) await RemoveBookedAsync(tenant, key, known, lines);
        var shares = SharesOf(call, lines);
        if (await ReserveAsync(call, shares) is not { } credits) return (false, telemetry.Refused(ApiError.InsufficientCredits()));
        try
        {
            // From here on it is brought to its end, whether the client waits for it or not.
            var opened = new BatchClaim(time.GetUtcNow(), customer, meter, IsDone: false);
            var (claim, isNew) = await claims.ClaimAsync(tenant, key, opened, CancellationToken.None);
            if (claim.CustomerId != customer || claim.MeterId != meter) return (false, ApiError.BatchPayerConflict());
            if (!isNew && known is null)
            {
                // Another fetch has claimed them meanwhile, for the same payer.
                await RemoveBookedAsync(tenant, key, claim, lines);
                shares = SharesOf(call, lines);
                credits.Resize(shares.Sum());
            }

            var records = lines.Index().Select(line => RecordOf(call, key, claim, line.Item, shares[line.Index], credits)).ToList();
            if (!await RecordAsync(call, records, credits)) return (false, ApiError.Unavailable());
            await claims.FinishAsync(tenant, key, claim);
            LogCharged(call.RequestId, call.Provider.Id, records.Count);
            return (true, null);
        }
        finally
        {
            // Unless the records have taken it over.
            credits.Release();
        }
    }

    private async ValueTask<List<Line>> ReadAsync(ForwardCall call, Stream body, CallTimeouts timeouts)
    {
        var reader = new BatchAnswerReader(call.Provider, call.Endpoint.Format);
        var lines = new List<Line>();
        await ResultLines.ReadAsync(body, timeouts, text =>
        {
            var line = text.IsSingleSegment ? text.FirstSpan : text.ToArray();
            if (reader.Read(line) is not { } answer) return;
            var name = answer.Summary.Model;
            var model = name is null ? null : catalogue.FindModel(call.Provider, name);
            lines.Add(new Line(answer.Key, name, answer.Summary.ResponseId, SettledUsage.OfBatch(model, answer.Summary, time.GetUtcNow())));
        });
        return lines;
    }

    private async ValueTask RemoveBookedAsync(Tenant tenant, string key, BatchClaim claim, List<Line> lines)
    {
        var booked = await claims.BookedAsync(tenant, claim, CancellationToken.None);
        lines.RemoveAll(line => booked.Contains(BatchClaims.CallOf(tenant, key, claim.At, line.Key)));
    }

    /// <summary>Reserves what the answers may be charged together; null where the credits do not cover it.</summary>
    private ValueTask<Reservation?> ReserveAsync(ForwardCall call, decimal[] shares) => call.Incoming.Customer is { } customer
        ? budgets.TryReserveAsync(BookKey.Customer(call.Tenant, customer.Id), Account.Credits, shares.Sum(), CancellationToken.None)
        : ValueTask.FromResult<Reservation?>(Reservation.None);

    /// <summary>Makes the usage records durable. False where what they had reserved was given to others meanwhile.</summary>
    private async ValueTask<bool> RecordAsync(ForwardCall call, List<UsageRecord> records, Reservation credits)
    {
        try
        {
            foreach (var together in records.Chunk(RecordsAtOnce)) await Task.WhenAll(together.Select(record => recorder.RecordAsync(call.Tenant, record)));
        }
        catch
        {
            credits.Doubt();
            throw;
        }

        credits.Settle();
        return await budgets.ConfirmAsync(credits, CancellationToken.None);
    }

    /// <summary>What each answer may be charged, however many came before it in the meter's tiers.</summary>
    private decimal[] SharesOf(ForwardCall call, List<Line> lines)
    {
        if (call.Incoming is not { IsBilled: true, Meter: { } meter, Customer: { } customer }) return new decimal[lines.Count];
        var position = budgets.PositionOf(BookKey.Customer(call.Tenant, customer.Id), meter.Id);
        var units = lines.ConvertAll(line => MeterCharge.Units(meter.Rate.TierType, line.Settled.Usage));
        var together = units.Sum();
        var shares = new decimal[lines.Count];
        for (var i = 0; i < shares.Length; i++)
            shares[i] = CallBudget.RoundUp(MeterCharge.Most(meter.Rate, position, together, units[i], Bookkeeping.Round(lines[i].Settled.Cost.Total)));
        return shares;
    }

    private UsageRecord RecordOf(ForwardCall call, string key, BatchClaim claim, in Line line, decimal share, Reservation credits)
    {
        var id = BatchClaims.CallOf(call.Tenant, key, claim.At, line.Key);
        var incoming = call.Incoming;
        var settled = line.Settled;
        if (settled.Flag != UsageFlag.None) LogFlagged(call.RequestId, call.Provider.Id, line.Model, settled.Flag);
        return call.Draft() with
        {
            Call = id,
            RequestId = ForwardCall.RequestIdOf(call.Tenant, id),
            CreatedAt = incoming.ClockTime ?? claim.At,
            CompletedAt = incoming.ClockTime ?? time.GetUtcNow(),
            Model = line.Model,
            MeterId = incoming.Meter?.Id,
            Rate = incoming.Meter?.Rate,
            IsBilled = incoming.IsBilled,
            Status = StatusCodes.Status200OK,
            ResponseId = line.ResponseId,
            Usage = settled.Usage,
            Flag = settled.Flag,
            CostLines = settled.Lines.Count > 0 ? settled.Lines : null,
            InputCost = settled.Cost.Input,
            OutputCost = settled.Cost.Output,
            Cost = Bookkeeping.Round(settled.Cost.Total),
            Instance = instance.Id,
            ReservedCharge = share,
            ChargeHolder = credits.Holder is { } holder && holder != instance.Id ? holder : null,
        };
    }

    /// <summary>Records that the results could not be read. Returns what the client is told; null where it gets the provider's own answer.</summary>
    private ApiError? Fail(ForwardCall call, CallFailure failure, int status)
    {
        settlement.Fail(call, pendingCalls.Add(call.Tenant, call.Draft()), failure, status);
        return failure.ErrorOf(call.Provider.Label);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId}: {Count} answers of a batch of {Provider} were metered.")]
    private partial void LogCharged(string requestId, string provider, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId}: an answer of {Model} in a batch of {Provider} has usage that is {Flag}.")]
    private partial void LogFlagged(string requestId, string provider, string? model, UsageFlag flag);

    /// <summary>An answer, as it is charged.</summary>
    private readonly record struct Line(string Key, string? Model, string? ResponseId, SettledUsage Settled);
}
