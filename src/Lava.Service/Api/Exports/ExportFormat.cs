using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Lava.Service.Api.Exports;

/// <summary>A form of a list other than JSON.</summary>
/// <param name="MediaType">Its media type, as it was asked for.</param>
/// <param name="IsCsv">Whether it is CSV; otherwise it is JSON lines.</param>
internal sealed record ExportFormat(string MediaType, bool IsCsv)
{
    /// <summary>CSV (RFC 4180) with a header line.</summary>
    public static readonly ExportFormat Csv = new("text/csv", true);

    /// <summary>A JSON object in each line.</summary>
    public static readonly ExportFormat JsonLines = new("application/jsonl", false);

    private static readonly ExportFormat[] All = [Csv, JsonLines, new("application/x-ndjson", false), new("application/ndjson", false)];

    /// <summary>The form that a client would rather have than JSON; null where it would not.</summary>
    public static ExportFormat? Of(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(HeaderNames.Accept, out var header) || !MediaTypeHeaderValue.TryParseList(header, out var accepted)) return null;
        foreach (var type in accepted.OrderByDescending(type => type.Quality ?? 1))
        {
            if (type.Quality == 0) continue;
            if (All.FirstOrDefault(format => type.MediaType.Equals(format.MediaType, StringComparison.OrdinalIgnoreCase)) is { } format) return format;
            if (type.MatchesMediaType("application/json")) return null;
        }

        return null;
    }
}
