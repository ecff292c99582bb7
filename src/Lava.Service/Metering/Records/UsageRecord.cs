using System.Text.Json.Serialization;
using Lava.Core.Pricing;

namespace Lava.Service.Metering.Records;

/// <summary>What a finished call leaves behind: all that metering needs to price it, book it and show it, whatever has changed since. It travels through the
/// queue.</summary>
public sealed record UsageRecord
{
    /// <summary>The call's ULID: the key under which it is charged once.</summary>
    public required string Call { get; init; }

    /// <summary>The request's id on the wire.</summary>
    public required string RequestId { get; init; }

    /// <summary>When Lava took the call in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the provider had answered.</summary>
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>Whether it is to be metered (<c>completed</c>) or only recorded (<c>error</c>).</summary>
    public bool IsError { get; init; }

    /// <summary>Why it could not be metered; null for completed calls.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The provider's id; <c>other</c> for reported usage.</summary>
    public required string Provider { get; init; }

    /// <summary><c>managed</c>, <c>unmanaged</c> or <c>stored</c>.</summary>
    public required string ProviderKeyType { get; init; }

    /// <summary>The model asked for; null where there is none.</summary>
    public string? Model { get; init; }

    /// <summary>Method, space, full URL without credentials.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The provider's id of its answer.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The HTTP status that the client was answered with; 0 for reported usage.</summary>
    public int Status { get; init; }

    /// <summary>What was used.</summary>
    public Usage Usage { get; init; }

    /// <summary>What was wrong with the usage that the provider reported.</summary>
    public UsageFlag Flag { get; init; }

    /// <summary>What the provider reported beyond what can be, which is not charged until the operator says so; null where it reported no such thing.</summary>
    public UsageDispute? Dispute { get; init; }

    /// <summary>Whether the gateway's cache answered it: then the provider was not asked, and nothing is its cost.</summary>
    public bool IsCached { get; init; }

    /// <summary>The lines that the list price is the sum of; null where nothing was priced.</summary>
    public IReadOnlyList<CostLine>? CostLines { get; init; }

    /// <summary>List price of the input, US dollars.</summary>
    public decimal InputCost { get; init; }

    /// <summary>List price of the output, US dollars.</summary>
    public decimal OutputCost { get; init; }

    /// <summary>List price of the whole call, US dollars, 12 decimals.</summary>
    public decimal Cost { get; init; }

    /// <summary>Who called: the customer's id; null for the merchant's own calls.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The meter that prices it; null where none does.</summary>
    public string? MeterId { get; init; }

    /// <summary>The meter's rate when the call was made: a later change concerns later calls (behaviour.md §5.2).</summary>
    public MeterRate? Rate { get; init; }

    /// <summary>Whether the charge is drawn from the customer's credits. Without it the charge is computed and shown only.</summary>
    public bool IsBilled { get; init; }

    /// <summary>Whether <see cref="Cost"/> is drawn from the merchant's wallet.</summary>
    public bool IsManaged { get; init; }

    /// <summary>Request metadata.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Attempts at other providers that came before and failed, oldest first; null for none. Nothing is charged for them.</summary>
    public IReadOnlyList<CallAttempt>? EarlierAttempts { get; init; }

    /// <summary>The instance whose leases the call had reserved from.</summary>
    public string? Instance { get; init; }

    /// <summary>Reserved of the wallet.</summary>
    public decimal ReservedCost { get; init; }

    /// <summary>The name under which the lease of <see cref="ReservedCost"/> is stored; null for <see cref="Instance"/>, which nearly all have.</summary>
    public string? CostHolder { get; init; }

    /// <summary>Reserved of the customer's credits.</summary>
    public decimal ReservedCharge { get; init; }

    /// <summary>The name under which the lease of <see cref="ReservedCharge"/> is stored; null for <see cref="Instance"/>.</summary>
    public string? ChargeHolder { get; init; }

    /// <summary>The spend key that called; null where none did.</summary>
    public string? SpendKeyId { get; init; }

    /// <summary>Reserved of the spend key's money.</summary>
    public decimal ReservedSpend { get; init; }

    /// <summary>The budget from which <see cref="ReservedSpend"/> was reserved: a period of the key's limit; null where nothing was.</summary>
    public string? SpendBudget { get; init; }

    /// <summary>The name under which the lease of <see cref="ReservedSpend"/> is stored; null for <see cref="Instance"/>.</summary>
    public string? SpendHolder { get; init; }

    /// <summary>The budget of calls from which this one was reserved; null where none was.</summary>
    public string? RequestBudget { get; init; }

    /// <summary>The name under which the lease of <see cref="RequestBudget"/> is stored; null for <see cref="Instance"/>.</summary>
    public string? RequestHolder { get; init; }

    /// <summary>Whether a pending row stands for the call.</summary>
    public bool HasPendingRow { get; init; }

    /// <summary>Hash of a merchant's own request id, which a claim row guards; null for calls of the gateway.</summary>
    public string? ClaimHash { get; init; }

    /// <summary>Whether the merchant has reported the usage, so that no call of the gateway has reserved for it.</summary>
    [JsonIgnore]
    public bool IsReported => ClaimHash is not null;

    /// <summary>Whether the sweep closed it because its record never came.</summary>
    public bool IsSwept { get; init; }

    /// <summary>Milliseconds that Lava spent before it sent the call on.</summary>
    public double GatewayMilliseconds { get; init; }

    /// <summary>Milliseconds from sending the call on to the provider's first byte.</summary>
    public double FirstByteMilliseconds { get; init; }

    /// <summary>Milliseconds from the call's arrival to the answer's first byte; null where it was reported, or failed before it was sent.</summary>
    [JsonIgnore]
    public double? LatencyMilliseconds => FirstByteMilliseconds == 0 ? null : GatewayMilliseconds + FirstByteMilliseconds;
}
