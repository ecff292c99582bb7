using System.Text.Json.Serialization;
using Lava.Service.Metering.Records;

namespace Lava.Service.Reporting.Requests;

/// <summary>A request on the wire (rest-api.md §2.6).</summary>
internal sealed record RequestResponse
{
    /// <summary>The id.</summary>
    public required string RequestId { get; init; }

    /// <summary><c>pending</c>, <c>completed</c> or <c>error</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it could not be metered; only for errors.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErrorCode { get; init; }

    /// <summary>The customer; absent without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CustomerId { get; init; }

    /// <summary>The meter; absent without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MeterId { get; init; }

    /// <summary>The spend key that called; absent without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SpendKeyId { get; init; }

    /// <summary>The provider.</summary>
    public required string Provider { get; init; }

    /// <summary><c>managed</c>, <c>unmanaged</c> or <c>stored</c>.</summary>
    public required string ProviderKeyType { get; init; }

    /// <summary>The model; absent without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    /// <summary>Method and address.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The provider's id of its answer; absent without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResponseId { get; init; }

    /// <summary>What was used.</summary>
    public required ModelUsage ModelUsage { get; init; }

    /// <summary>What was measured beyond that (our own addition): cached and reasoning tokens, tier, tools; absent where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UsageDetails? UsageDetails { get; init; }

    /// <summary>The lines that <see cref="Cost"/> is the sum of (our own addition), so that it can be checked by hand; absent where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CostLineResponse>? CostLines { get; init; }

    /// <summary>The provider's list price.</summary>
    public required string Cost { get; init; }

    /// <summary>The meter's charge.</summary>
    public required ChargeResponse Charge { get; init; }

    /// <summary>The entries of the ledger that it caused (<c>le_…</c>), our own addition: empty where nothing was taken.</summary>
    public required IReadOnlyList<string> LedgerEntries { get; init; }

    /// <summary>True where the gateway's cache answered it (our own addition); absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Cached { get; init; }

    /// <summary>What was wrong with the usage that the provider reported (our own addition): <c>estimated</c>, <c>unreported</c>, <c>unreadable</c>,
    /// <c>contradictory</c>,
    /// <c>impossible</c>, <c>left_early</c> or <c>unpriced</c>; absent where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UsageFlag { get; init; }

    /// <summary>The list price of what the provider reported beyond what can be, which was not charged (our own addition); absent without such a
    /// report.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? HeldCost { get; init; }

    /// <summary>Attempts at other providers that failed before (our own addition); absent where the first one served.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CallAttempt>? EarlierAttempts { get; init; }

    /// <summary>Its metadata.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Where the time went; absent for reported usage.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RequestTiming? Timing { get; init; }

    /// <summary>When the provider had answered; absent before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>When Lava took it in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
