using System.Text.Json.Serialization;
using Lava.Core.Ledger;

namespace Lava.Service.Ledger;

/// <summary>Stored shapes of the ledger.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(BookHead))]
[JsonSerializable(typeof(Entry))]
internal sealed partial class LedgerJson : JsonSerializerContext;
