using System.Globalization;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables;

public class TableClient
{
    private readonly TableProtocol _protocol;

    internal TableClient(TableProtocol protocol, string name)
    {
        _protocol = protocol;
        Name = name;
    }

    public virtual string Name { get; }

    public static string CreateQueryFilter(FormattableString filter)
    {
        var arguments = filter.GetArguments().Select(argument => (object)(argument switch
        {
            string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            bool flag => flag ? "true" : "false",
            int number => number.ToString(CultureInfo.InvariantCulture),
            _ => throw new NotSupportedException("The stand-in knows strings, integers and booleans in a filter."),
        }));
        return string.Format(CultureInfo.InvariantCulture, filter.Format, [.. arguments]);
    }

    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null!, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        using var message = _protocol.Create(RequestMethod.Get, $"/{TableWire.Address(Name, partitionKey, rowKey)}{TableWire.Select(select, '?')}");
        var response = await _protocol.SendAsync(message, cancellationToken);
        if (response.Status == 404 && new RequestFailedException(response).ErrorCode == "ResourceNotFound") return new Absent<T>(response);
        if (response.Status != 200) throw new RequestFailedException(response);
        using var document = JsonDocument.Parse(response.Content);
        return Response.FromValue((T)(ITableEntity)TableWire.Read(document.RootElement), response);
    }

    public virtual AsyncPageable<T> QueryAsync<T>(
        string filter = null!, int? maxPerPage = null, IEnumerable<string> select = null!, CancellationToken cancellationToken = default)
        where T : class, ITableEntity => new Pages<T>(continuation => QueryPageAsync<T>(filter, maxPerPage, select, continuation, cancellationToken), cancellationToken);

    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        var batch = new TableBatch(_protocol.Endpoint, Name, [.. transactionActions]);
        using var message = _protocol.Create(RequestMethod.Post, "/$batch");
        message.Request.Headers.SetValue("Content-Type", batch.ContentType);
        message.Request.Content = RequestContent.Create(batch.Body);
        var response = await _protocol.SendAsync(message, cancellationToken);
        if (response.Status != 202) throw new RequestFailedException(response);
        var parts = TableBatch.Read(response);
        if (parts.FirstOrDefault(part => part.IsError) is { } failed) throw Failed(failed);
        return Response.FromValue<IReadOnlyList<Response>>(parts, response);
    }

    private static TableTransactionFailedException Failed(Response part)
    {
        var error = TableErrorParser.Read(part.Content);
        return new TableTransactionFailedException(new RequestFailedException(part.Status, error?.Message ?? "The transaction failed.", error?.Code, null));
    }

    private async Task<Page<T>> QueryPageAsync<T>(string filter, int? maxPerPage, IEnumerable<string> select, string? continuation, CancellationToken cancellationToken)
        where T : class, ITableEntity
    {
        var query = $"/{Name}()?$top={(maxPerPage ?? 1_000).ToString(CultureInfo.InvariantCulture)}{TableWire.Select(select, '&')}";
        if (filter is not null) query += "&$filter=" + Uri.EscapeDataString(filter);
        using var message = _protocol.Create(RequestMethod.Get, query + continuation);
        var response = await _protocol.SendAsync(message, cancellationToken);
        if (response.Status != 200) throw new RequestFailedException(response);
        using var document = JsonDocument.Parse(response.Content);
        var values = document.RootElement.GetProperty("value").EnumerateArray().Select(value => (T)(ITableEntity)TableWire.Read(value)).ToArray();
        string? next = null;
        if (response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partition)) next = "&NextPartitionKey=" + Uri.EscapeDataString(partition);
        if (response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var row)) next += "&NextRowKey=" + Uri.EscapeDataString(row);
        return Page<T>.FromValues(values, next, response);
    }

    private sealed class Absent<T>(Response response) : NullableResponse<T>
    {
        public override bool HasValue => false;

        public override T Value => throw new InvalidOperationException("There is no such entity.");

        public override Response GetRawResponse() => response;
    }

    private sealed class Pages<T>(Func<string?, Task<Page<T>>> read, CancellationToken cancellationToken) : AsyncPageable<T>(cancellationToken)
        where T : notnull
    {
        public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = default, int? pageSizeHint = default)
        {
            do
            {
                var page = await read(continuationToken);
                yield return page;
                continuationToken = page.ContinuationToken;
            }
            while (continuationToken is not null);
        }
    }
}
