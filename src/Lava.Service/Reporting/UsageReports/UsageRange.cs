using System.Globalization;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Reporting.UsageReports;

/// <summary>The time that usage is asked for; the offset of its start is the zone of its days (rest-api.md §11).</summary>
/// <param name="Start">Inclusive.</param>
/// <param name="End">Inclusive.</param>
internal readonly record struct UsageRange(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>Most days of a range.</summary>
    public const int MaxDays = 366;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd",
    ];

    /// <summary>Reads <c>start</c> and <c>end</c>.</summary>
    public static ApiError? TryRead(IQueryCollection query, DateTimeOffset now, out UsageRange range)
    {
        range = default;
        if (!query.TryGetValue("start", out var startText)) return ApiError.Validation(Issue.At("start", "start is required."));
        if (!TryReadTime(startText.ToString(), out var start)) return ApiError.Validation(Issue.At("start", "start must be an ISO 8601 time."));
        var end = now;
        if (query.TryGetValue("end", out var endText) && !TryReadTime(endText.ToString(), out end))
            return ApiError.Validation(Issue.At("end", "end must be an ISO 8601 time."));
        if (end < start && query.ContainsKey("end")) return ApiError.Validation(Issue.At("end", "end must not be before start."));
        if (end - start > TimeSpan.FromDays(MaxDays)) return ApiError.Validation(Issue.At("end", $"The range must have at most {MaxDays} days."));
        range = new UsageRange(start, end < start ? start : end);
        return null;
    }

    private static bool TryReadTime(string text, out DateTimeOffset time)
    {
        // In a query a literal plus arrives as a space.
        if (text.Length > 6 && text[^6] == ' ') text = string.Concat(text.AsSpan(0, text.Length - 6), "+", text.AsSpan(text.Length - 5));
        return DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
            && time.Year is >= RequestFields.MinYear and <= RequestFields.MaxYear;
    }
}
