using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Records;

namespace Lava.Service.Gateway.Reservations;

/// <summary>What one call holds of its spend key's limits: its token and its count once, and what the attempt under way may cost. Whatever has not ended when
/// the call does is given back by <see cref="Release"/>.</summary>
internal sealed class SpendKeyHold(SpendKeyIdentity identity) : IDisposable
{
    private Reservation? _rate;

    public SpendKeyIdentity Identity { get; } = identity;

    /// <summary>The limits that hold for the call, whatever is edited while it runs; null before the first attempt.</summary>
    public SpendKeyBudgets? Limits { get; set; }

    public bool HasRate => _rate is not null;

    public bool HasCount => Count is not null;

    /// <summary>The call's count; null where the key has no limit of calls.</summary>
    public Reservation? Count { get; private set; }

    /// <summary>What the attempt may cost; null where the key has no limit of money.</summary>
    public Reservation? Money { get; private set; }

    /// <summary>Whether an answer may rest on what is held.</summary>
    public bool IsGood => Money?.IsGood != false && Count?.IsGood != false;

    public void HoldRate(Reservation token) => _rate = token;

    public void HoldCount(Reservation count) => Count = count;

    public void HoldMoney(Reservation money) => Money = money;

    /// <summary>The call is let in: its token is used, whatever becomes of it.</summary>
    public void Admit() => _rate?.Settle();

    /// <summary>A record with what the call holds, for metering to take off the leases.</summary>
    public UsageRecord Note(UsageRecord record) => record with
    {
        ReservedSpend = record.IsError ? 0 : Money?.Amount ?? 0,
        SpendBudget = record.IsError || Money is null ? null : Limits?.Spend?.Name,
        RequestBudget = Count is null ? null : Limits?.Requests?.Name,
    };

    /// <summary>The record is durable.</summary>
    public void Settle()
    {
        Money?.Settle();
        Count?.Settle();
    }

    /// <summary>Takes the call's count out of the hold: a call that failed after it was sent costs nothing and counts.</summary>
    public Reservation? TakeCount()
    {
        var count = Count;
        Count = null;
        return count;
    }

    /// <summary>Gives back what the attempt might have cost.</summary>
    public void ReleaseMoney()
    {
        Money?.Release();
        Money = null;
    }

    /// <summary>The request has ended, and its call with it, if one came of it: what neither used goes back.</summary>
    public void Dispose() => Release();

    /// <summary>Gives back what has not ended.</summary>
    public void Release()
    {
        ReleaseMoney();
        _rate?.Release();
        Count?.Release();
    }
}
