using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Gateway.Caching;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Keys;
using Lava.Service.Gateway.Relay;
using Lava.Service.Gateway.Reservations;
using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Records;
using Lava.Service.Pricing.Meters;

namespace Lava.Service.Gateway.Calls;

/// <summary>An attempt to serve a call by one provider: where it goes, what is sent there, what it has reserved.</summary>
internal sealed class ForwardCall
{
    /// <summary>What does not depend on where the call goes: who calls, what was sent, who pays.</summary>
    public required IncomingCall Incoming { get; init; }

    /// <summary>The merchant and the mode.</summary>
    public Tenant Tenant => Incoming.Tenant;

    /// <summary>What the call holds of its spend key's limits, which all its attempts share; null where no spend key calls.</summary>
    public SpendKeyHold? SpendKey => Incoming.SpendKey;

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

    /// <summary>How what the provider answers is put into the client's format; null where all of it passes as it is.</summary>
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

    /// <summary>Whether the answer has links to results, which lead to the provider.</summary>
    public bool HasResultLinks => Endpoint is { Kind: EndpointKind.Batches, Format: WireFormat.Anthropic };

    /// <summary>Whether the answer does not pass as it is, though it stays in its format.</summary>
    public bool IsFiltered => HidesAccount || HasResultLinks;

    /// <summary>Whether other bytes go to the client than the provider's answer has. Translated errors are not meant.</summary>
    public bool IsRemade => Translation is ConversationTranslation || IsFiltered;

    /// <summary>What prices the call itself for the customer; null without a meter, and for calls that cost nothing themselves.</summary>
    public Meter? Meter => Endpoint.Kind.IsOfAccount() ? null : Incoming.Meter;

    /// <summary>Whether the customer's credits pay what the meter charges for the call.</summary>
    public bool IsBilled => Meter is not null && Incoming.IsBilled;

    /// <summary>What the call's answer is kept by; null where it is not kept.</summary>
    public SealedKey? AnswerKey { get; set; }

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
    public string RequestId => RequestIdOf(Tenant, Incoming.Ulid);

    /// <summary>A request's id on the wire.</summary>
    /// <param name="tenant">The merchant and the mode.</param>
    /// <param name="ulid">The call's ULID.</param>
    public static string RequestIdOf(Tenant tenant, string ulid) => $"req_{tenant.Mode.Word()}_{ulid}";

    /// <summary>The record as far as it is known before the answer.</summary>
    public UsageRecord Draft() => new()
    {
        Call = Incoming.Ulid,
        RequestId = RequestId,
        CreatedAt = Incoming.ClockTime ?? Incoming.CreatedAt,
        CompletedAt = Incoming.ClockTime ?? Incoming.CreatedAt,
        Provider = Provider.Id,
        ProviderKeyType = KeySource switch { KeySource.Managed => "managed", KeySource.Stored => "stored", _ => "unmanaged" },
        Model = ModelName,
        Endpoint = $"{Incoming.Method} {Url.AbsoluteUri}",
        CustomerId = Incoming.Customer?.Id,
        MeterId = Meter?.Id,
        SpendKeyId = SpendKey?.Identity.Key.Id,
        Rate = Meter?.Rate,
        IsBilled = IsBilled,
        IsManaged = IsManaged,
        IsCached = Kept is not null,
        Metadata = Incoming.Metadata.Count == 0 ? null : Incoming.Metadata,
        EarlierAttempts = EarlierAttempts,
    };

    /// <summary>The call as an attempt that failed.</summary>
    public CallAttempt Attempt(int status, string errorCode) => new(Provider.Id, ModelName, $"{Incoming.Method} {Url.AbsoluteUri}", status, errorCode);

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
