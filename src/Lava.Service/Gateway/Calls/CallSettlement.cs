using System.Diagnostics;
using Lava.Core.Formats;
using Lava.Core.Ledger;
using Lava.Core.Pricing;
using Lava.Service.Gateway.Reservations;
using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Pending;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Gateway.Calls;

/// <summary>Ends a call: its usage record becomes durable, or what it had reserved is given back.</summary>
internal sealed partial class CallSettlement(
    UsageRecorder recorder,
    CallReservations reservations,
    GatewayTelemetry telemetry,
    TimeProvider time,
    ILogger<CallSettlement> logger)
{
    /// <summary>Records a call that the provider answered with success. When the task ends the record is durable and the answer's end may be
    /// released.</summary>
    /// <exception cref="ReservationLostException">What it had reserved is lost: the answer must be cut.</exception>
    /// <exception cref="TableStoreException">The store failed: the answer must be cut.</exception>
    public Task CompleteAsync(ForwardCall call, PendingCall pending, AnswerSummary summary, int status) =>
        SettleAsync(call, pending, summary, status, hasLeft: false);

    /// <summary>Records a call that its client left before the answer's end: the provider bills what it has done by then, so it is charged, as reported or as
    /// estimated. Without a record nothing is charged, and nobody waits for it.</summary>
    public async Task LeaveAsync(ForwardCall call, PendingCall pending, AnswerSummary summary, int status)
    {
        if (call.Model is null && call.Endpoint.RequestPrice is null)
        {
            Fail(call, pending, CallFailure.ClientDisconnected, status);
            return;
        }

        try
        {
            await SettleAsync(call, pending, summary, status, hasLeft: true);
        }
        catch (Exception fault) when (fault is ReservationLostException or TableStoreException or IOException or OperationCanceledException)
        {
            LogErrorNotRecorded(call.RequestId, fault);
            Fail(call, pending, CallFailure.ClientDisconnected, status);
        }
    }

    private async Task SettleAsync(ForwardCall call, PendingCall pending, AnswerSummary summary, int status, bool hasLeft)
    {
        var ended = Stopwatch.GetTimestamp();
        var settled = SettledUsage.Of(call.Facts, call.Model, call.Endpoint, summary, time.GetUtcNow(), call.IsSandboxed, hasLeft);
        var cost = call.Kept is null ? settled.Cost : default;
        if (settled.Flag is not (UsageFlag.None or UsageFlag.Estimated or UsageFlag.LeftEarly))
            LogFlagged(call.RequestId, call.Provider.Id, call.ModelName, settled.Flag, settled.HeldCost);
        var record = call.Draft() with
        {
            CompletedAt = call.Incoming.ClockTime ?? time.GetUtcNow(),
            Status = status,
            ResponseId = summary.ResponseId,
            Usage = settled.Usage,
            Flag = settled.Flag,
            Dispute = settled.Reported is { } reported && call.Kept is null ? new UsageDispute(reported, Bookkeeping.Round(settled.HeldCost)) : null,
            CostLines = call.Kept is null && settled.Lines.Count > 0 ? settled.Lines : null,
            InputCost = cost.Input,
            OutputCost = cost.Output,
            Cost = Bookkeeping.Round(cost.Total),
            HasPendingRow = pending.Finish(),
            GatewayMilliseconds = Elapsed(call.Incoming.Started, call.Sent),
            FirstByteMilliseconds = Elapsed(call.Sent, call.Answered),
        };
        reservations.Narrow(call, settled.Usage, record.Cost);
        if (!await reservations.EnsureAsync(call)) throw new ReservationLostException();
        try
        {
            await recorder.RecordAsync(call.Tenant, reservations.Note(call, record));
        }
        catch
        {
            CallReservations.Doubt(call);
            throw;
        }

        CallReservations.Settle(call);
        if (!await reservations.ConfirmAsync(call)) throw new ReservationLostException();
        telemetry.CallEnded(call, record, summary.Model, ended);
    }

    /// <summary>Records a call that cannot be metered and gives back what it had reserved. Nothing waits for it: an error is shown, not billed.</summary>
    public void Fail(ForwardCall call, PendingCall pending, CallFailure failure, int status)
    {
        var record = call.Draft() with
        {
            IsError = true,
            ErrorCode = failure.Code,
            Status = status,
            CompletedAt = call.Incoming.ClockTime ?? time.GetUtcNow(),
            HasPendingRow = pending.Finish(),
            GatewayMilliseconds = Elapsed(call.Incoming.Started, call.Sent),
            FirstByteMilliseconds = Elapsed(call.Sent, call.Answered),
        };
        telemetry.CallEnded(call, record, null, Stopwatch.GetTimestamp());
        if (failure.IsOurs) telemetry.NotSettled("completed");
        record = reservations.NoteFailed(call, record);
        var count = call.SpendKey?.TakeCount();
        call.Release();
        _ = RecordErrorAsync(call, record, count);
    }

    private async Task RecordErrorAsync(ForwardCall call, UsageRecord record, Reservation? count)
    {
        try
        {
            await recorder.RecordAsync(call.Tenant, record);
            count?.Settle();
        }
        catch (Exception fault)
        {
            // It is not known whether its record will take it off the lease.
            count?.Doubt();
            telemetry.NotSettled("error");
            LogErrorNotRecorded(call.RequestId, fault);
        }
    }

    private static double Elapsed(long from, long to) => from == 0 || to == 0 ? 0 : Math.Round(Stopwatch.GetElapsedTime(from, to).TotalMilliseconds, 3);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Request {RequestId}: the usage that {Provider} reported for {Model} is {Flag}; it is charged by estimate or up to what is possible, and "
            + "{Held} US dollars are held for review.")]
    private partial void LogFlagged(string requestId, string provider, string? model, UsageFlag flag, decimal held);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed and could not be recorded.")]
    private partial void LogErrorNotRecorded(string requestId, Exception fault);
}
