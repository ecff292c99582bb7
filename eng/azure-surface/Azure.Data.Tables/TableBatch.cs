using System.Globalization;
using System.Text;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>An entity group transaction on the wire: one change set in a multipart request (Microsoft Learn, "Performing entity group transactions").</summary>
internal sealed class TableBatch
{
    private readonly string _boundary = "batch_" + Guid.NewGuid().ToString("N");

    public TableBatch(string endpoint, string table, IReadOnlyList<TableTransactionAction> actions)
    {
        var changes = "changeset_" + Guid.NewGuid().ToString("N");
        using var body = new MemoryStream();
        Write(body, $"--{_boundary}\r\nContent-Type: multipart/mixed; boundary={changes}\r\n\r\n");
        foreach (var action in actions)
        {
            Write(body, $"--{changes}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            WriteAction(body, endpoint, table, action);
        }

        Write(body, $"--{changes}--\r\n\r\n--{_boundary}--\r\n");
        Body = body.ToArray();
    }

    public string ContentType => $"multipart/mixed; boundary={_boundary}";

    public byte[] Body { get; }

    /// <summary>The answers of a change set: one for each action, or one alone for the action that failed.</summary>
    public static IReadOnlyList<Response> Read(Response response)
    {
        var lines = response.Content.ToString().Split("\r\n");
        var parts = new List<Response>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("HTTP/1.1 ", StringComparison.Ordinal)) continue;
            var status = int.Parse(lines[i].AsSpan(9, 3), CultureInfo.InvariantCulture);
            var headers = new List<HttpHeader>();
            for (i++; i < lines.Length && lines[i].Length > 0; i++)
            {
                if (lines[i].Split(':', 2) is [var name, var value]) headers.Add(new HttpHeader(name, value.Trim()));
            }

            var content = new StringBuilder();
            for (i++; i < lines.Length && !lines[i].StartsWith("--", StringComparison.Ordinal); i++) content.AppendLine(lines[i]);
            parts.Add(new BatchPart(status, headers, content.ToString().Trim()));
        }

        return parts;
    }

    private static void WriteAction(Stream body, string endpoint, string table, TableTransactionAction action)
    {
        var entity = action.Entity;
        var method = action.ActionType switch
        {
            TableTransactionActionType.Add => "POST",
            TableTransactionActionType.Delete => "DELETE",
            TableTransactionActionType.UpdateReplace or TableTransactionActionType.UpsertReplace => "PUT",
            _ => "MERGE",
        };
        var address = action.ActionType == TableTransactionActionType.Add ? table : TableWire.Address(table, entity.PartitionKey, entity.RowKey);
        Write(body, $"{method} {endpoint}/{address} HTTP/1.1\r\nAccept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0\r\n");
        var isConditional = action.ActionType is TableTransactionActionType.UpdateReplace or TableTransactionActionType.UpdateMerge or TableTransactionActionType.Delete;
        if (isConditional) Write(body, $"If-Match: {(action.ETag == default ? ETag.All : action.ETag).ToString("H")}\r\n");
        if (action.ActionType == TableTransactionActionType.Add) Write(body, "Prefer: return-no-content\r\n");
        if (method == "DELETE")
        {
            Write(body, "\r\n");
            return;
        }

        var json = TableWire.Write(entity);
        Write(body, $"Content-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n");
        body.Write(json);
        Write(body, "\r\n");
    }

    private static void Write(Stream body, string text) => body.Write(Encoding.UTF8.GetBytes(text));
}
