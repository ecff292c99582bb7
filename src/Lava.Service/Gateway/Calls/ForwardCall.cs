using System.Diagnostics;
using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Pricing;
using Lava.Service.Customers;
using Lava.Service.Gateway.Caching;
using Lava.Service.Gateway.Keys;
using Lava.Service.Gateway.Relay;
using Lava.Service.Gateway.Reservations;
using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Records;

namespace Lava.Service.Gateway.Calls;

/// <summary>A call on its way through the gateway: what is known of it once it has been let in.</summary>
internal sealed class ForwardCall
{
    public required string Ulid { get; init; }

    public required Tenant Tenant { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time that the customer's test clock shows: what the call leaves behind carries it. Null for real time.</summary>
    public DateTimeOffset? ClockTime { get; init; }

    /// <summary>Timestamp (<see cref="Stopwatch"/>) at which the request came in.</summary>
    public required long Started { get; init; }

    public required string Method { get; init; }

    public required Uri Url { get; init; }

    public required CatalogueProvider Provider { get; init; }

    public required ProviderEndpoint Endpoint { get; init; }

    /// <summary>The model asked for, as the catalogue knows it; null where the endpoint is not priced by a model.</summary>
    public CatalogueModel? Model { get; init; }

    /// <summary>The model's name as the caller wrote it.</summary>
    public string? ModelName { get; init; }

    public required RequestFacts Facts { get; init; }

    /// <summary>The body as it goes to the provider.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether Lava asked for an OpenAI stream's usage chunk that the client did not ask for.</summary>
    public bool WithholdsUsage { get; init; }

    /// <summary>Which entry of the chain serves the call, 0 for the first, where Lava has chosen or translated the way: then the answer's headers say so. Null
    /// otherwise.</summary>
    public int? Entry { get; init; }

    /// <summary>How the answer is put into the client's format; null where it passes as it is.</summary>
    public AnswerTranslation? Translation { get; init; }

    public required string? ProviderKey { get; set; }

    /// <summary>The keys that <see cref="ProviderKey"/> takes turns with; null where there are none.</summary>
    public KeyRing? KeyRing { get; init; }

    /// <summary>Whose key is used.</summary>
    public required KeySource KeySource { get; init; }

    /// <summary>Whether the operator's key is used, so that the merchant's wallet pays the provider's cost.</summary>
    public bool IsManaged => KeySource == KeySource.Managed;

    public required bool IsSandboxed { get; init; }

    /// <summary>Whether a provider is read with the operator's key, so that its answer must not show the operator's account.</summary>
    public bool HidesAccount => IsManaged && !IsSandboxed && Endpoint.Kind == EndpointKind.Metadata;

    /// <summary>Who is billed or credited with the call; null for the merchant's own.</summary>
    public Customer? Customer { get; init; }

    public string? CustomerId { get; init; }

    public string? MeterId { get; init; }

    public MeterRate? Rate { get; init; }

    /// <summary>Whether the customer's credits pay the meter's charge.</summary>
    public bool IsBilled { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The spend key that calls, and what the call holds of its limits, which all its attempts share; null where none does.</summary>
    public SpendKeyHold? SpendKey { get; init; }

    /// <summary>How old a kept answer may be for this call, and how long its own is kept; null where the client did not ask for the cache.</summary>
    public TimeSpan? CacheTime { get; init; }

    /// <summary>What the call's answer is kept by; null where it is not kept.</summary>
    public AnswerKey? AnswerKey { get; set; }

    /// <summary>The kept answer that it is answered with, so that no provider is asked; null without one.</summary>
    public CachedAnswer? Kept { get; set; }

    public Reservation Cost { get; set; } = Reservation.None;

    public Reservation Charge { get; set; } = Reservation.None;

    /// <summary>Earlier attempts at other providers, oldest first; null for none.</summary>
    public IReadOnlyList<CallAttempt>? EarlierAttempts { get; set; }

    /// <summary>Timestamp at which the call was sent on; 0 before.</summary>
    public long Sent { get; set; }

    /// <summary>Timestamp at which the provider's answer began; 0 before.</summary>
    public long Answered { get; set; }

    /// <summary>The request's id on the wire.</summary>
    public string RequestId => $"req_{Tenant.Mode.Word()}_{Ulid}";

    /// <summary>The record as far as it is known before the answer.</summary>
    public UsageRecord Draft() => new()
    {
        Call = Ulid,
        RequestId = RequestId,
        CreatedAt = ClockTime ?? CreatedAt,
        CompletedAt = ClockTime ?? CreatedAt,
        Provider = Provider.Id,
        ProviderKeyType = KeySource switch { KeySource.Managed => "managed", KeySource.Stored => "stored", _ => "unmanaged" },
        Model = ModelName,
        Endpoint = $"{Method} {Url.AbsoluteUri}",
        CustomerId = CustomerId,
        MeterId = MeterId,
        SpendKeyId = SpendKey?.Identity.Key.Id,
        Rate = Rate,
        IsBilled = IsBilled,
        IsManaged = IsManaged,
        IsCached = Kept is not null,
        Metadata = Metadata,
        EarlierAttempts = EarlierAttempts,
    };

    /// <summary>The call as an attempt that failed.</summary>
    public CallAttempt Attempt(int status, string errorCode) => new(Provider.Id, ModelName, $"{Method} {Url.AbsoluteUri}", status, errorCode);

    /// <summary>Gives back what the call had reserved, unless a record has taken it over.</summary>
    public void Release()
    {
        ReleaseMoney();
        SpendKey?.Release();
    }

    /// <summary>Gives back what this attempt might have cost. The call itself goes on, and still counts.</summary>
    public void ReleaseMoney()
    {
        Cost.Release();
        Charge.Release();
        SpendKey?.ReleaseMoney();
    }
}
