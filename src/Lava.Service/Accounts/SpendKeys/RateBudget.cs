using Lava.Core.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;

namespace Lava.Service.Accounts.SpendKeys;

/// <summary>A spend key's rate limit: a token bucket. Instances lease whole tokens from it.</summary>
/// <param name="Book">The key's book.</param>
/// <param name="PerMinute">Tokens that flow in each minute.</param>
/// <param name="Capacity">Most tokens at once.</param>
internal sealed record RateBudget(BookKey Book, decimal PerMinute, decimal Capacity) : Budget(Book, "rate")
{
    /// <inheritdoc/>
    public override bool OpensBook => true;

    /// <inheritdoc/>
    public override bool IsUsedAtOnce => true;

    /// <inheritdoc/>
    public override decimal Available(BookHead head, DateTimeOffset now) => Math.Floor(Bucket(head, now).Tokens);

    /// <summary>Whole seconds until a token is there, at least 1.</summary>
    public int SecondsToNext(BookHead head, DateTimeOffset now) => (int)Math.Clamp(Math.Ceiling((1 - Bucket(head, now).Tokens) * 60 / PerMinute), 1, 86_400);

    /// <inheritdoc/>
    public override decimal Share(decimal available, decimal wanted, decimal ahead) => Math.Max(wanted, Math.Floor(base.Share(available, wanted, ahead)));

    /// <inheritdoc/>
    public override Lease? LeaseOf(BookHead head, string instance, DateTimeOffset now) =>
        head.Bucket?.Leases.GetValueOrDefault(instance) is { } own && own.Until > now ? own : null;

    /// <inheritdoc/>
    public override BookHead Change(BookHead head, string instance, in LeaseMove move, DateTimeOffset? until, DateTimeOffset now)
    {
        // What was used makes room in the bucket from then on.
        var bucket = Bucket(head, move.UsedAt).Change(instance, 0, move.Used, null);
        return head with { Bucket = bucket.Fill(PerMinute, Capacity, now).Change(instance, move.Granted - move.Returned, 0, until) };
    }

    private RateBucket Bucket(BookHead head, DateTimeOffset now) => head.Bucket?.Fill(PerMinute, Capacity, now) ?? RateBucket.Full(Capacity, now);
}
