using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api.Exports;

/// <summary>Writes a list as CSV or JSON lines, page after page, so that no list is too long for it.</summary>
internal sealed class ListExport
{
    /// <summary>The most that a page has.</summary>
    private const string PageSize = "100";

    private static readonly byte[] Newline = "\n"u8.ToArray();

    private readonly string _member;
    private readonly IReadOnlyList<string[]> _columns;

    private readonly bool _hasPages;

    private ListExport(string member, Type item, bool hasPages)
    {
        (_member, _hasPages) = (member, hasPages);
        _columns = ExportColumns.Of(item);
    }

    /// <summary>The export of an endpoint's lists; null where it has none.</summary>
    public static ListExport? Of(Operation operation)
    {
        foreach (var name in new[] { "Data", "Items" })
        {
            var type = operation.Response?.GetProperty(name)?.PropertyType;
            if (type is not { IsGenericType: true } || type.GetGenericTypeDefinition() != typeof(IReadOnlyList<>)) continue;
            return new ListExport(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), type.GetGenericArguments()[0], operation.Query.Contains("cursor"));
        }

        return null;
    }

    /// <summary>Writes the whole list, or the page that is asked for by its <c>limit</c>.</summary>
    /// <param name="http">Where to.</param>
    /// <param name="format">In which form.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="answer">Answers a query.</param>
    public async Task WriteAsync(HttpContext http, ExportFormat format, IQueryCollection query, Func<QueryString, ValueTask<ApiResult>> answer)
    {
        var isWhole = _hasPages && !query.ContainsKey("limit");
        var asked = query.Where(parameter => parameter.Key != "cursor" || !isWhole).ToList();
        var page = await ReadAsync(query["cursor"]);
        if (page.Error is { } error)
        {
            await ErrorWriter.WriteAsync(http, error);
            return;
        }

        http.Response.ContentType = format.IsCsv ? "text/csv; charset=utf-8; header=present" : format.MediaType;
        http.Response.Headers.Vary = "Accept";
        if (format.IsCsv) await http.Response.Body.WriteAsync(CsvLines(_columns.Select(column => string.Join('.', column))), http.RequestAborted);
        while (true)
        {
            using var json = JsonDocument.Parse(page.Body);
            await http.Response.Body.WriteAsync(format.IsCsv ? CsvRows(json.RootElement) : JsonRows(json.RootElement), http.RequestAborted);
            if (!isWhole || !json.RootElement.TryGetProperty("next_cursor", out var next) || next.GetString() is not { Length: > 0 } cursor) return;
            page = await ReadAsync(cursor);
            if (page.Error is null) continue;

            // It cannot be taken for the whole list.
            http.Abort();
            return;
        }

        ValueTask<ApiResult> ReadAsync(string? cursor)
        {
            var next = QueryString.Create(asked);
            if (isWhole) next = next.Add("limit", PageSize);
            return answer(isWhole && !string.IsNullOrEmpty(cursor) ? next.Add("cursor", cursor) : next);
        }
    }

    private byte[] JsonRows(JsonElement page)
    {
        using var buffer = new MemoryStream();
        foreach (var item in page.GetProperty(_member).EnumerateArray())
        {
            using (var writer = new Utf8JsonWriter(buffer)) item.WriteTo(writer);
            buffer.Write(Newline);
        }

        return buffer.ToArray();
    }

    private byte[] CsvRows(JsonElement page)
    {
        var cells = new StringWriter(CultureInfo.InvariantCulture);
        using var csv = new CsvWriter(cells, CultureInfo.InvariantCulture);
        foreach (var item in page.GetProperty(_member).EnumerateArray())
        {
            foreach (var column in _columns) csv.WriteField(Cell(item, column));
            csv.NextRecord();
        }

        csv.Flush();
        return Encoding.UTF8.GetBytes(cells.ToString());
    }

    private static byte[] CsvLines(IEnumerable<string> names)
    {
        var cells = new StringWriter(CultureInfo.InvariantCulture);
        using var csv = new CsvWriter(cells, CultureInfo.InvariantCulture);
        foreach (var name in names) csv.WriteField(name);
        csv.NextRecord();
        csv.Flush();
        return Encoding.UTF8.GetBytes(cells.ToString());
    }

    private static string Cell(JsonElement item, string[] path)
    {
        foreach (var step in path)
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(step, out item)) return "";
        }

        return item.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String => Harmless(item.GetString()!),
            _ => item.GetRawText(),
        };
    }

    // A spreadsheet takes what begins with these for a formula (OWASP, CSV injection). An amount below zero is none.
    private static string Harmless(string text) =>
        text.Length > 0 && "=+-@\t\r".Contains(text[0]) && !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? "'" + text
            : text;
}
