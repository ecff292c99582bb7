using System.Text.Json.Serialization;

namespace Lava.Service.Accounts.Keys;

/// <summary>A secret key on the wire (rest-api.md §2.8).</summary>
internal sealed record SecretKeyResponse(
    string SecretKeyId,
    string Name,
    string SecretKeyHint,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SecretKey)
{
    /// <summary>What it may do; absent where that is everything.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Scopes { get; init; }
}
