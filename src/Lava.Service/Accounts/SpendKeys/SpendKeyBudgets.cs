using Lava.Core.SpendKeys;
using Lava.Service.Ledger.Books;

namespace Lava.Service.Accounts.SpendKeys;

/// <summary>The budgets that a spend key's calls of one day reserve from; null where it has no such limit.</summary>
internal sealed class SpendKeyBudgets
{
    private readonly DateTime _day;

    public SpendKeyBudgets(SpendKeyIdentity identity, DateTimeOffset now)
    {
        var key = identity.Key;
        _day = now.UtcDateTime.Date;
        Book = BookKey.SpendKey(identity.Tenant, key.Id);
        if (key.SpendLimit is { } spend) Spend = new LimitBudget(Book, true, spend.Cycle, LimitPeriod.StartOf(spend.Cycle, now), spend.Amount);
        if (key.RequestLimit is { } requests) Requests = new LimitBudget(Book, false, requests.Cycle, LimitPeriod.StartOf(requests.Cycle, now), requests.Count);
        if (key.RateLimit is { } rate) Rate = new RateBudget(Book, rate.Rpm, rate.Burst ?? rate.Rpm);
    }

    public BookKey Book { get; }

    public LimitBudget? Spend { get; }

    public LimitBudget? Requests { get; }

    public RateBudget? Rate { get; }

    /// <summary>Whether they are those of a time: periods begin with days.</summary>
    public bool IsOf(DateTimeOffset time) => time.UtcDateTime.Date == _day;
}
