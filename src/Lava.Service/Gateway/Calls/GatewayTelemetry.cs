using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lava.Service.Api.Errors;
using Lava.Service.Metering.Records;
using Lava.Service.Telemetry;

namespace Lava.Service.Gateway.Calls;

/// <summary>What the gateway tells of itself, through <see cref="Instruments"/>: a span and a few measurements for each call that was let in. It knows prices'
/// units and outcomes, never a prompt, a body, a key, an address' query or a customer. Nothing is allocated while nobody listens.</summary>
internal sealed class GatewayTelemetry
{
    /// <summary>Most characters of a name that a provider made up.</summary>
    private const int MaxName = 255;

    /// <summary>Set, and true, where the gateway's cache answered.</summary>
    private const string CacheHit = "lava.cache.hit";

    // Boundaries as the conventions advise them.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    };

    private static readonly InstrumentAdvice<double> FirstSeconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    private static readonly InstrumentAdvice<long> Tokens = new()
    {
        HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864],
    };

    private readonly TimeProvider _time;
    private readonly ActivitySource _source;
    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _firstToken;
    private readonly Histogram<double> _firstChunk;
    private readonly Counter<long> _settlementFailures;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _flags;

    /// <summary>Makes the instruments.</summary>
    public GatewayTelemetry(Instruments instruments, TimeProvider time)
    {
        _time = time;
        _source = instruments.Source;
        var meter = instruments.Meter;
        _duration = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "GenAI operation duration.", tags: null, Seconds);
        _tokens = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Number of input and output tokens used.", tags: null, Tokens);
        _firstToken = meter.CreateHistogram(
            "gen_ai.server.time_to_first_token",
            "s",
            "Time to the first piece of a streamed answer, as the gateway sees it.",
            tags: null,
            FirstSeconds);
        _firstChunk = meter.CreateHistogram(
            "gen_ai.client.operation.time_to_first_chunk",
            "s",
            "Time to the first piece of a streamed answer.",
            tags: null,
            FirstSeconds);
        _settlementFailures = meter.CreateCounter<long>("lava.settlement.failures", "{call}", "Calls whose usage record could not be stored durably.");
        _refusals = meter.CreateCounter<long>("lava.budget.refusals", "{call}", "Calls refused by a wallet, a customer's credits or a spend key's limit.");
        _flags = meter.CreateCounter<long>(
            "lava.usage.flags",
            "{call}",
            "Calls whose usage is not exactly what the provider reported: estimated, limited, or contradictory.");
    }

    /// <summary>Counts a refusal and hands it back.</summary>
    public ApiError Refused(ApiError error)
    {
        if (_refusals.Enabled) _refusals.Add(1, new KeyValuePair<string, object?>(GenAi.ErrorType, error.Code));
        return error;
    }

    /// <summary>Counts a call whose record could not be made durable.</summary>
    /// <param name="status"><c>completed</c>: the provider had answered, and the answer was cut before its end. <c>error</c>: a failed call is not
    /// shown.</param>
    public void NotSettled(string status) => _settlementFailures.Add(1, new KeyValuePair<string, object?>("lava.record.status", status));

    /// <summary>Tells of a call that has ended, however it ended.</summary>
    /// <param name="call">The call.</param>
    /// <param name="record">What it leaves behind.</param>
    /// <param name="responseModel">The model that the provider says it used; null where it says none.</param>
    /// <param name="ended">Timestamp (<see cref="Stopwatch"/>) at which the answer was whole or given up.</param>
    internal void CallEnded(ForwardCall call, UsageRecord record, string? responseModel, long ended)
    {
        if (_flags.Enabled && record.Flag.Word() is { } flag)
        {
            _flags.Add(
                1,
                new KeyValuePair<string, object?>("lava.usage.flag", flag),
                new KeyValuePair<string, object?>(GenAi.Provider, GenAi.ProviderOf(call.Provider)));
        }
        var isTraced = _source.HasListeners();
        var isMeasured = _duration.Enabled || _tokens.Enabled || _firstToken.Enabled || _firstChunk.Enabled;
        if (!isTraced && !isMeasured) return;
        // An attempt may end before it is sent, at a circuit that is open.
        var took = call.Sent == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(call.Sent, ended);
        var firstSeconds = record is { IsError: false, FirstByteMilliseconds: > 0 } && (call.Facts.Stream || call.Endpoint.Streams)
            ? record.FirstByteMilliseconds / 1_000
            : 0;
        if (isMeasured) Measure(call, record, took, firstSeconds);
        if (isTraced) Trace(call, record, responseModel, took, firstSeconds);
    }

    // Tags of a measurement have few values each: models are those of the catalogue, and what callers or providers make up stays on spans.
    private void Measure(ForwardCall call, UsageRecord record, TimeSpan took, double firstSeconds)
    {
        var tags = new TagList { { GenAi.Operation, GenAi.OperationOf(call.Endpoint) }, { GenAi.Provider, GenAi.ProviderOf(call.Provider) } };
        if (Model(call) is { } model) tags.Add(GenAi.RequestModel, model);
        if (record.IsCached) tags.Add(CacheHit, true);
        if (firstSeconds > 0)
        {
            _firstToken.Record(firstSeconds, tags);
            _firstChunk.Record(firstSeconds, tags);
        }

        var usage = record.Usage;
        if (usage.TotalTokens > 0)
        {
            _tokens.Record(usage.InputTokens, With(tags, GenAi.TokenType, "input"));
            _tokens.Record(usage.OutputTokens, With(tags, GenAi.TokenType, "output"));
        }

        _duration.Record(took.TotalSeconds, record.IsError ? With(tags, GenAi.ErrorType, record.ErrorCode) : tags);
    }

    private void Trace(ForwardCall call, UsageRecord record, string? responseModel, TimeSpan took, double firstSeconds)
    {
        // The span is made when all is known of it, so that a call carries nothing along; its parent is what runs now.
        var current = Activity.Current;
        var parent = ParentOf(current);
        Activity.Current = null;
        try
        {
            var end = _time.GetUtcNow();
            var operation = GenAi.OperationOf(call.Endpoint);
            var model = Model(call);
            using var span = _source.StartActivity(model is null ? operation : $"{operation} {model}", ActivityKind.Client, parent, startTime: end - took);
            if (span is null) return;
            span.SetEndTime(end.UtcDateTime);
            if (span.IsAllDataRequested) Describe(span, call, record, operation, model, responseModel, firstSeconds);
        }
        finally
        {
            Activity.Current = current;
        }
    }

    private static void Describe(
        Activity span,
        ForwardCall call,
        UsageRecord record,
        string operation,
        string? model,
        string? responseModel,
        double firstSeconds)
    {
        span.SetTag(GenAi.Operation, operation);
        span.SetTag(GenAi.Provider, GenAi.ProviderOf(call.Provider));
        if (model is not null) span.SetTag(GenAi.RequestModel, model);
        if (call.Facts.Stream || call.Endpoint.Streams) span.SetTag(GenAi.RequestStream, true);
        span.SetTag(GenAi.ServerAddress, call.Url.IdnHost);
        span.SetTag(GenAi.ServerPort, call.Url.Port);
        span.SetTag("lava.request.id", record.RequestId);
        span.SetTag("lava.merchant.id", call.Tenant.MerchantId);
        span.SetTag("lava.gateway.duration", record.GatewayMilliseconds / 1_000);
        if (call.Entry is { } entry and > 0) span.SetTag("lava.fallback.index", entry);
        if (record.IsCached) span.SetTag(CacheHit, true);
        if (record.Status > 0) span.SetTag(GenAi.HttpStatus, record.Status);
        if (firstSeconds > 0) span.SetTag(GenAi.TimeToFirstChunk, firstSeconds);
        if (record.IsError)
        {
            span.SetTag(GenAi.ErrorType, record.ErrorCode);
            span.SetStatus(ActivityStatusCode.Error);
            return;
        }

        if (responseModel is not null) span.SetTag(GenAi.ResponseModel, responseModel.Length > MaxName ? responseModel[..MaxName] : responseModel);
        if (record.ResponseId is not null) span.SetTag(GenAi.ResponseId, record.ResponseId);
        var usage = record.Usage;
        if (usage.TotalTokens == 0) return;
        span.SetTag(GenAi.InputTokens, usage.InputTokens);
        span.SetTag(GenAi.OutputTokens, usage.OutputTokens);
        if (usage.CacheReadTokens > 0) span.SetTag(GenAi.CacheReadTokens, usage.CacheReadTokens);
        if (usage.CacheWriteTokens > 0) span.SetTag(GenAi.CacheWriteTokens, usage.CacheWriteTokens);
        if (usage.ReasoningTokens > 0) span.SetTag(GenAi.ReasoningTokens, usage.ReasoningTokens);
    }

    /// <summary>The nearest span that somebody records; else the one that the client named in <c>traceparent</c>; else none. The server makes an activity for
    /// every request whether anybody records it or not, and as a parent that one would be missing in the trace, or keep the call out of it.</summary>
    private static ActivityContext ParentOf(Activity? current)
    {
        for (var activity = current; activity is not null; activity = activity.Parent)
        {
            if (activity.Recorded && activity.Source.HasListeners()) return activity.Context;
            if (activity.Parent is null && activity.IdFormat == ActivityIdFormat.W3C && activity.ParentSpanId != default)
                return new ActivityContext(activity.TraceId, activity.ParentSpanId, activity.ActivityTraceFlags, activity.TraceStateString, isRemote: true);
        }

        return default;
    }

    // Only names that the catalogue has: any other is the caller's text.
    private static string? Model(ForwardCall call) => call.Model is null ? null : call.ModelName ?? call.Model.Id;

    private static TagList With(TagList tags, string name, object? value)
    {
        tags.Add(name, value);
        return tags;
    }
}
