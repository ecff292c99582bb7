using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

public class TableServiceClient
{
    private readonly TableProtocol _protocol;

    public TableServiceClient(string connectionString) : this(connectionString, null!) { }

    public TableServiceClient(string connectionString, TableClientOptions options = null!)
    {
        var parsed = ConnectionString.Parse(connectionString);
        _protocol = new TableProtocol(parsed.Endpoint, options ?? new TableClientOptions(), new SharedKeyPolicy(parsed.Account, parsed.Key));
    }

    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null!) =>
        _protocol = new TableProtocol(
            endpoint, options ?? new TableClientOptions(), new Core.Pipeline.BearerTokenAuthenticationPolicy(tokenCredential, "https://storage.azure.com/.default"));

    public virtual TableClient GetTableClient(string tableName) => new(_protocol, tableName);

    public virtual async Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default)
    {
        using var message = _protocol.Create(RequestMethod.Post, "/Tables");
        message.Request.Headers.SetValue("Content-Type", "application/json");
        message.Request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["TableName"] = tableName }));
        var response = await _protocol.SendAsync(message, cancellationToken);
        if (response.Status is not (201 or 204 or 409)) throw new RequestFailedException(response);
        return Response.FromValue(new TableItem(tableName), response);
    }
}
