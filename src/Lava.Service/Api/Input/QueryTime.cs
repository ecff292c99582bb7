using System.Globalization;

namespace Lava.Service.Api.Input;

/// <summary>Reads times of queries.</summary>
internal static class QueryTime
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd",
    ];

    /// <summary>Reads an ISO 8601 time or day; one without a zone is UTC.</summary>
    public static bool TryRead(string text, out DateTimeOffset time)
    {
        // In a query a literal plus arrives as a space.
        if (text.Length > 6 && text[^6] == ' ') text = string.Concat(text.AsSpan(0, text.Length - 6), "+", text.AsSpan(text.Length - 5));
        return DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
            && time.Year is >= RequestFields.MinYear and <= RequestFields.MaxYear;
    }
}
