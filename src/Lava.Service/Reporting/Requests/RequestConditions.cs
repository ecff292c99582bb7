using System.Globalization;
using Lava.Core.Ids;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Reporting.Requests;

/// <summary>What the requests of a list have in common beside whose they are; null members for any. All conditions must hold.</summary>
internal sealed record RequestConditions
{
    /// <summary>The query parameters.</summary>
    public static readonly string[] Parameters =
    [
        "start", "end", "status", "error_code", "model", "provider", "min_cost", "max_cost", "min_latency_ms", "max_latency_ms",
    ];

    private const int MaxWord = 255;

    /// <summary>Characters of a ULID that tell its time.</summary>
    private const int TimeLength = 10;

    /// <summary>Made then or later.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Made then or earlier.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Whether it failed.</summary>
    public bool? IsError { get; init; }

    /// <summary>Why it failed.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The model as the caller wrote it.</summary>
    public string? Model { get; init; }

    /// <summary>The provider's id.</summary>
    public string? Provider { get; init; }

    /// <summary>Least list price, US dollars.</summary>
    public decimal? MinCost { get; init; }

    /// <summary>Largest list price, US dollars.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>Least time to the first byte of the answer, milliseconds.</summary>
    public decimal? MinLatency { get; init; }

    /// <summary>Longest time to the first byte of the answer, milliseconds.</summary>
    public decimal? MaxLatency { get; init; }

    /// <summary>Whether only failed requests can match.</summary>
    public bool AsksForErrors => IsError == true || ErrorCode is not null;

    /// <summary>Reads the conditions of a query.</summary>
    public static ApiError? TryRead(IQueryCollection query, out RequestConditions conditions)
    {
        conditions = new RequestConditions();
        ApiError? error = null;
        DateTimeOffset? start = Time("start"), end = Time("end");
        if (end < start) error ??= ApiError.Validation(Issue.At("end", "end must not be before start."));
        bool? isError = Word("status") switch
        {
            null => null,
            "completed" => false,
            "error" => true,
            _ => Fail("status", "status must be completed or error."),
        };
        conditions = new RequestConditions
        {
            Start = start,
            End = end,
            IsError = isError,
            ErrorCode = Word("error_code"),
            Model = Word("model"),
            Provider = Word("provider"),
            MinCost = Number("min_cost"),
            MaxCost = Number("max_cost"),
            MinLatency = Number("min_latency_ms"),
            MaxLatency = Number("max_latency_ms"),
        };
        return error;

        string? Word(string name)
        {
            if (!query.TryGetValue(name, out var value)) return null;
            var word = value.ToString();
            if (word.Length is 0 or > MaxWord) Fail(name, $"{name} must have 1 to {MaxWord} characters.");
            return word;
        }

        DateTimeOffset? Time(string name)
        {
            if (!query.TryGetValue(name, out var value)) return null;
            if (QueryTime.TryRead(value.ToString(), out var time)) return time;
            Fail(name, $"{name} must be an ISO 8601 time.");
            return null;
        }

        decimal? Number(string name)
        {
            if (!query.TryGetValue(name, out var value)) return null;
            if (decimal.TryParse(value.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return number;
            Fail(name, $"{name} must be a number, not negative.");
            return null;
        }

        bool? Fail(string name, string message)
        {
            error ??= ApiError.Validation(Issue.At(name, message));
            return null;
        }
    }

    /// <summary>Whether they hold for a request.</summary>
    public bool Hold(UsageRecord record) =>
        (IsError is null || record.IsError == IsError)
        && (ErrorCode is null || ErrorCode == record.ErrorCode)
        && (Model is null || Model == record.Model)
        && (Provider is null || Provider == record.Provider)
        && !(record.Cost < MinCost) && !(record.Cost > MaxCost)
        && !(Latency(record) < MinLatency) && !(Latency(record) > MaxLatency)
        && !(record.CreatedAt < Start) && !(record.CreatedAt > End);

    /// <summary>The rows of an index in which requests of that time lie.</summary>
    /// <param name="prefix">What the keys of the index begin with, before the mirrored ULID of the call.</param>
    public KeyRange RangeOf(string prefix) => new(
        End is { } end ? prefix + Mirrored(end) : prefix,
        Start is { } start ? prefix + Mirrored(start) + "~" : prefix + "~");

    /// <summary>Newer calls sort first.</summary>
    private static string Mirrored(DateTimeOffset time) => Ulid.Mirror(Ulid.Create(time, stackalloc byte[10]))[..TimeLength];

    private static decimal? Latency(UsageRecord record) => (decimal?)record.LatencyMilliseconds;
}
