using Lava.Core.Formats;
using Lava.Core.Keys;
using Lava.Service.Customers;
using Lava.Service.Gateway.Reservations;
using Lava.Service.Pricing.Meters;

namespace Lava.Service.Gateway.Intake;

/// <summary>What of a call does not depend on where it goes: who calls, what was sent, who pays.</summary>
internal sealed class IncomingCall
{
    private ReadOnlyMemory<byte> _body;

    public required string Ulid { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Timestamp (<see cref="System.Diagnostics.Stopwatch"/>) at which the request came in.</summary>
    public required long Started { get; init; }

    public required string Method { get; init; }

    public required GatewayCaller Caller { get; init; }

    /// <summary>What the call holds of its spend key's limits, whichever provider serves it; null where no spend key calls.</summary>
    public SpendKeyHold? SpendKey { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The body as it came, what it refers to put in the place of the references.</summary>
    public required ReadOnlyMemory<byte> Body
    {
        get => _body;
        init => _body = value;
    }

    /// <summary>The kept response that the request continues; null for none.</summary>
    public string? PreviousResponse { get; private set; }

    public required string? ContentType { get; init; }

    /// <summary>How old a kept answer may be for this call; null where the client did not ask for the cache.</summary>
    public TimeSpan? CacheTime { get; init; }

    /// <summary>What the body says in the client's own format, where it had to be read to find the way; null otherwise.</summary>
    public RequestFacts? Facts { get; set; }

    /// <summary>Who is billed or credited with the call; null for the merchant's own.</summary>
    public Customer? Customer { get; private set; }

    /// <summary>What prices the call for the customer; null without one.</summary>
    public Meter? Meter { get; private set; }

    /// <summary>The time that the customer's test clock shows: what the call leaves behind carries it. Null for real time.</summary>
    public DateTimeOffset? ClockTime { get; private set; }

    /// <summary>Whether the customer's credits pay the meter's charge.</summary>
    public bool IsBilled => Customer is not null && Token is { DisableBilling: false };

    public Tenant Tenant => Caller.Tenant;

    public ForwardToken? Token => Caller.Token;

    /// <summary>Whether it is known who pays.</summary>
    public bool HasPayer { get; private set; }

    /// <summary>Sets who pays, once for all attempts.</summary>
    /// <param name="customer">The customer; null for the merchant alone.</param>
    /// <param name="meter">The meter; null without one.</param>
    /// <param name="clockTime">What the customer's test clock shows; null for real time.</param>
    public void BillTo(Customer? customer, Meter? meter, DateTimeOffset? clockTime) =>
        (Customer, Meter, ClockTime, HasPayer) = (customer, meter, clockTime, true);

    /// <summary>Takes a body with what the request refers to.</summary>
    /// <param name="body">The body.</param>
    /// <param name="previousResponse">The response that the request continues; null for none.</param>
    public void Continue(ReadOnlyMemory<byte> body, string? previousResponse) => (_body, Facts, PreviousResponse) = (body, null, previousResponse);
}
