using System.Diagnostics.Metrics;
using Lava.Service.Telemetry;

namespace Lava.Service.Metering.Records;

/// <summary>Measures metering: how many records it books, and how far it is behind the calls. Allocates nothing while nobody listens.</summary>
public sealed class MeteringTelemetry
{
    private static readonly InstrumentAdvice<double> Ages = new()
    {
        HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 86_400],
    };

    private readonly TimeProvider _time;
    private readonly Counter<long> _metered;
    private readonly Histogram<double> _backlogAge;

    /// <summary>Makes the instruments.</summary>
    public MeteringTelemetry(Instruments instruments, TimeProvider time)
    {
        _time = time;
        _metered = instruments.Meter.CreateCounter<long>(
            "lava.metered.records",
            "{record}",
            "Usage records that were metered. A record that is delivered twice counts twice.");
        _backlogAge = instruments.Meter.CreateHistogram(
            "lava.queue.backlog.age",
            "s",
            "Age of the oldest record of a batch when it is metered: how far metering lags behind the calls.",
            tags: null,
            Ages);
    }

    /// <summary>Counts records of a queue that were metered, and measures how old the oldest of them is.</summary>
    public void Metered(string queue, IReadOnlyList<UsageRecord> records)
    {
        if (records.Count == 0 || (!_metered.Enabled && !_backlogAge.Enabled)) return;
        var errors = 0;
        var oldest = DateTimeOffset.MaxValue;
        foreach (var record in records)
        {
            errors += record.IsError ? 1 : 0;
            oldest = record.CompletedAt < oldest ? record.CompletedAt : oldest;
        }

        if (records.Count > errors) _metered.Add(records.Count - errors, new KeyValuePair<string, object?>("lava.record.status", "completed"));
        if (errors > 0) _metered.Add(errors, new KeyValuePair<string, object?>("lava.record.status", "error"));
        _backlogAge.Record(Math.Max(0, (_time.GetUtcNow() - oldest).TotalSeconds), new KeyValuePair<string, object?>("lava.queue", queue));
    }
}
