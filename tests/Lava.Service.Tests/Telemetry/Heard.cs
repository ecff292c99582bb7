using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lava.Service.Telemetry;

namespace Lava.Service.Tests.Telemetry;

/// <summary>Listens to one gateway's spans and measurements, and to no other's.</summary>
internal sealed class Heard : IDisposable
{
    private readonly ActivityListener _spanListener;
    private readonly MeterListener _meterListener;
    private readonly SemaphoreSlim _arrived = new(0);

    public Heard(Instruments telemetry)
    {
        _spanListener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, telemetry.Source),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                Spans.Enqueue(span);
                _arrived.Release();
            },
        };
        ActivitySource.AddActivityListener(_spanListener);
        _meterListener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter, telemetry.Meter)) listener.EnableMeasurementEvents(instrument);
            },
        };
        _meterListener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meterListener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meterListener.Start();
    }

    public ConcurrentQueue<Activity> Spans { get; } = [];

    public ConcurrentQueue<Measurement> Measured { get; } = [];

    /// <summary>All that was told, as text.</summary>
    public string Text => string.Join('\n', Spans.Select(span => $"{span.DisplayName} {span.StatusDescription} {Joined(span.TagObjects)}").Concat(Measured.Select(measurement => $"{measurement.Name} {Joined(measurement.Tags)}")));

    /// <summary>The span of a request; waits until there is one, for an answer that is no success may come before.</summary>
    public async Task<Activity> SpanOfAsync(HttpResponseMessage response)
    {
        var id = response.Headers.GetValues("x-lava-request-id").Single();
        while (true)
        {
            if (Spans.SingleOrDefault(span => Equals(span.GetTagItem("lava.request.id"), id)) is { } found) return found;
            (await _arrived.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue($"{id} has no span.");
        }
    }

    /// <summary>The next measurement of an instrument; waits until there is one.</summary>
    public async Task<Measurement> FirstAsync(string name)
    {
        while (true)
        {
            if (Measured.FirstOrDefault(measurement => measurement.Name == name) is { } found) return found;
            (await _arrived.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue($"{name} was not measured.");
        }
    }

    public void Dispose()
    {
        _spanListener.Dispose();
        _meterListener.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Measured.Enqueue(new Measurement(instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));
        _arrived.Release();
    }

    private static string Joined(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));

    internal sealed record Measurement(string Name, double Value, Dictionary<string, object?> Tags)
    {
        public object? this[string tag] => Tags.GetValueOrDefault(tag);
    }
}
