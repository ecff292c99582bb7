using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Lava.Service.Storage;

/// <summary>Documents as the tables and queues hold them: UTF-8 JSON by source-generated contracts.</summary>
public static class Json
{
    /// <summary>Reads a document.</summary>
    /// <exception cref="JsonException">It is not of that shape: the store holds what this version cannot read.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> data, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(data.Span, type) ?? throw new JsonException("A stored document is null.");

    /// <summary>Writes a document.</summary>
    public static ReadOnlyMemory<byte> Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);
}
