using System.Text.Json.Serialization;

namespace Lava.Service.Queues.Stored;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(StoredMessage))]
[JsonSerializable(typeof(BucketLease))]
[JsonSerializable(typeof(DateTimeOffset))]
internal sealed partial class QueueJson : JsonSerializerContext;
