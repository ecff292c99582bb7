using System.Text.Json.Serialization;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Pending;
using Lava.Service.Metering.Records;
using Lava.Service.Metering.Rollups;

namespace Lava.Service.Metering;

/// <summary>Stored and queued shapes of metering. Defaults are left out: most counters of most calls are zero.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(UsageMessage))]
[JsonSerializable(typeof(StoredRequest))]
[JsonSerializable(typeof(StoredCharge))]
[JsonSerializable(typeof(StoredSpend))]
[JsonSerializable(typeof(DayUsage))]
[JsonSerializable(typeof(QuarterGroups))]
[JsonSerializable(typeof(IndexedCall))]
[JsonSerializable(typeof(PendingRow))]
internal sealed partial class MeteringJson : JsonSerializerContext;
