using System.Diagnostics;
using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Ledger;
using Lava.Core.Metering;
using Lava.Core.Pricing;
using Lava.Service.Ledger;
using Lava.Service.Metering;
using Lava.Service.Telemetry;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Gateway;

/// <summary>Ends a call: its usage record becomes durable, or what it had reserved is given back.</summary>
internal sealed partial class CallSettlement(UsageRecorder recorder, Instance instance, GatewayTelemetry telemetry, TimeProvider time, ILogger<CallSettlement> logger)
{
    /// <summary>What a second of audio takes (128 kbit/s), for uploads whose length neither the answer nor the file tells.</summary>
    private const decimal BytesPerSecond = 16_000;

    /// <summary>Records a call that the provider answered with success. When the task ends the record is durable and the answer's end may be released.</summary>
    public async Task CompleteAsync(ForwardCall call, PendingCall pending, AnswerSummary summary, int status)
    {
        var ended = Stopwatch.GetTimestamp();
        if (!summary.HasUsage && call.Model is not null && call.Endpoint.Kind is EndpointKind.Chat or EndpointKind.Embeddings)
            LogNoUsage(call.RequestId, call.Provider.Id, call.ModelName);

        var usage = UsageOf(call, summary);
        var cost = CostOf(call, usage);
        var record = call.Draft() with
        {
            CompletedAt = time.GetUtcNow(),
            Status = status,
            ResponseId = summary.ResponseId,
            Usage = usage,
            IsFlagged = summary.IsInconsistent || (!summary.HasUsage && call.Endpoint.Kind is EndpointKind.Chat or EndpointKind.Embeddings),
            InputCost = cost.Input,
            OutputCost = cost.Output,
            Cost = Bookkeeping.Round(cost.Total),
            Instance = instance.Id,
            ReservedCost = call.Cost.Amount,
            ReservedCharge = call.Charge.Amount,
            HasPendingRow = pending.Finish(),
            GatewayMilliseconds = Elapsed(call.Started, call.Sent),
            FirstByteMilliseconds = Elapsed(call.Sent, call.Answered),
        };
        await recorder.RecordAsync(call.Tenant, call.SpendKey?.Note(record) ?? record);
        call.Cost.Settle();
        call.Charge.Settle();
        call.SpendKey?.Settle();
        telemetry.CallEnded(call, record, summary.Model, ended);
    }

    /// <summary>Records a call that cannot be metered and gives back what it had reserved. Nothing waits for it: an error is shown, not billed.</summary>
    public void Fail(ForwardCall call, PendingCall pending, string code, int status)
    {
        var record = call.Draft() with
        {
            IsError = true,
            Instance = instance.Id,
            ErrorCode = code,
            Status = status,
            CompletedAt = time.GetUtcNow(),
            HasPendingRow = pending.Finish(),
            GatewayMilliseconds = Elapsed(call.Started, call.Sent),
            FirstByteMilliseconds = Elapsed(call.Sent, call.Answered),
        };
        telemetry.CallEnded(call, record, null, Stopwatch.GetTimestamp());
        if (code == "not_settled") telemetry.NotSettled("completed");
        record = call.SpendKey?.Note(record) ?? record;
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
            // Its record does not tell metering of it: nothing would ever take it off the lease.
            count?.Release();
            telemetry.NotSettled("error");
            LogErrorNotRecorded(call.RequestId, fault);
        }
    }

    /// <summary>What the provider reported; what only the request knows (characters to speak, seconds of an upload) where it reported none.</summary>
    private static Usage UsageOf(ForwardCall call, AnswerSummary summary)
    {
        var usage = summary.Usage;
        return call.Endpoint.Kind switch
        {
            EndpointKind.Speech => usage with { InputCharacters = Math.Max(usage.InputCharacters, call.Facts.Characters) },
            EndpointKind.Transcription when !summary.HasUsage => usage with { InputSeconds = call.Facts.AudioSeconds ?? (decimal)call.Facts.MediaBytes / BytesPerSecond },
            EndpointKind.Images when usage.Images == 0 => usage with { Images = call.Facts.Choices },
            _ => usage,
        };
    }

    private static CostBreakdown CostOf(ForwardCall call, in Usage usage)
    {
        if (call.Kept is not null) return default;
        if (call.Endpoint.RequestPrice is { } price) return ProviderCost.Of(new ModelPrice { Request = price }, usage);
        return call.Model is null ? default : ProviderCost.Of(call.Model.Price, usage);
    }

    private static double Elapsed(long from, long to) => from == 0 || to == 0 ? 0 : Math.Round(Stopwatch.GetElapsedTime(from, to).TotalMilliseconds, 3);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId}: {Provider} answered for {Model} without usage; it is recorded with zero units.")]
    private partial void LogNoUsage(string requestId, string provider, string? model);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed and could not be recorded.")]
    private partial void LogErrorNotRecorded(string requestId, Exception fault);
}
