using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>Entities as the service's JSON has them.</summary>
internal static class TableWire
{
    public static string Address(string table, string partition, string row) => $"{table}(PartitionKey='{Key(partition)}',RowKey='{Key(row)}')";

    public static string Select(IEnumerable<string>? names, char separator) => names is null ? "" : $"{separator}$select={Uri.EscapeDataString(string.Join(',', names))}";

    public static byte[] Write(ITableEntity entity)
    {
        var values = new Dictionary<string, object?> { ["PartitionKey"] = entity.PartitionKey, ["RowKey"] = entity.RowKey };
        foreach (var (name, value) in (TableEntity)entity)
        {
            values[name] = value is string ? value : throw new NotSupportedException("The stand-in stores strings.");
        }

        return JsonSerializer.SerializeToUtf8Bytes(values);
    }

    public static TableEntity Read(JsonElement json)
    {
        var entity = new TableEntity();
        foreach (var member in json.EnumerateObject())
        {
            if (member.NameEquals("odata.etag")) entity.ETag = new ETag(member.Value.GetString()!);
            else if (member.NameEquals("Timestamp")) entity.Timestamp = member.Value.GetDateTimeOffset();
            else if (!member.Name.Contains('.', StringComparison.Ordinal) && member.Value.ValueKind == JsonValueKind.String) entity[member.Name] = member.Value.GetString()!;
        }

        return entity;
    }

    private static string Key(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));
}
