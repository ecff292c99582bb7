using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Reporting.UsageReports;

/// <summary>The time that usage is asked for; the offset of its start is the zone of its days (rest-api.md §11).</summary>
/// <param name="Start">Inclusive.</param>
/// <param name="End">Inclusive.</param>
/// <param name="Interval">By which spans.</param>
internal readonly record struct UsageRange(DateTimeOffset Start, DateTimeOffset End, UsageInterval Interval)
{
    /// <summary>Most days of a range.</summary>
    public const int MaxDays = 366;

    /// <summary>Most days of a range that is summed by the hour.</summary>
    public const int MaxDaysByHour = 31;

    /// <summary>Most days of a range that is summed by group.</summary>
    public const int MaxDaysByGroup = 93;

    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    /// <summary>How long ago an end still counts as now.</summary>
    private static readonly TimeSpan ClockLeeway = TimeSpan.FromSeconds(1);

    /// <summary>Whether its days consist of whole quarters of an hour by UTC, as they do everywhere on Earth.</summary>
    public bool HasWholeQuarters => Start.Offset.Ticks % Quarter.Ticks == 0;

    /// <summary>The whole quarters of an hour in it, which the roll-ups have: from the first moment to the one after the last. None where it ends before it
    /// begins.</summary>
    public (DateTimeOffset From, DateTimeOffset To) WholeQuarters(DateTimeOffset now)
    {
        // A range that ends now ends with all there is: the quarter under way needs no counting call by call.
        var to = End >= now - ClockLeeway ? Ceiling(End.AddTicks(1)) : Floor(End.AddTicks(1));
        return (Ceiling(Start), to);
    }

    /// <summary>The span that a time lies in, by its first moment, in the zone of the range.</summary>
    public DateTimeOffset SpanOf(DateTimeOffset time)
    {
        var (local, zone) = (time.ToOffset(Start.Offset), Start.Offset);
        return Interval switch
        {
            UsageInterval.Hour => new DateTimeOffset(local.Year, local.Month, local.Day, local.Hour, 0, 0, zone),
            UsageInterval.Month => new DateTimeOffset(local.Year, local.Month, 1, 0, 0, 0, zone),
            _ => new DateTimeOffset(local.Date, zone),
        };
    }

    /// <summary>The span after one, by its first moment.</summary>
    public DateTimeOffset After(DateTimeOffset span) => Interval switch
    {
        UsageInterval.Hour => span.AddHours(1),
        UsageInterval.Month => span.AddMonths(1),
        _ => span.AddDays(1),
    };

    /// <summary>Reads <c>start</c>, <c>end</c> and <c>interval</c>.</summary>
    public static ApiError? TryRead(IQueryCollection query, DateTimeOffset now, out UsageRange range)
    {
        range = default;
        if (!query.TryGetValue("start", out var startText)) return ApiError.Validation(Issue.At("start", "start is required."));
        if (!QueryTime.TryRead(startText.ToString(), out var start)) return ApiError.Validation(Issue.At("start", "start must be an ISO 8601 time."));
        var end = now;
        if (query.TryGetValue("end", out var endText) && !QueryTime.TryRead(endText.ToString(), out end))
            return ApiError.Validation(Issue.At("end", "end must be an ISO 8601 time."));
        if (end < start && query.ContainsKey("end")) return ApiError.Validation(Issue.At("end", "end must not be before start."));
        UsageInterval? interval = query.TryGetValue("interval", out var word)
            ? word.ToString() switch { "hour" => UsageInterval.Hour, "day" => UsageInterval.Day, "month" => UsageInterval.Month, _ => null }
            : UsageInterval.Day;
        if (interval is null) return ApiError.Validation(Issue.At("interval", "interval must be hour, day or month."));
        var most = interval == UsageInterval.Hour ? MaxDaysByHour : MaxDays;
        if (end - start > TimeSpan.FromDays(most)) return ApiError.Validation(Issue.At("end", $"The range must have at most {most} days."));
        range = new UsageRange(start, end < start ? start : end, interval.Value);
        return null;
    }

    private static DateTimeOffset Floor(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % Quarter.Ticks), TimeSpan.Zero);

    private static DateTimeOffset Ceiling(DateTimeOffset time) => Floor(time.AddTicks(Quarter.Ticks - 1));
}
