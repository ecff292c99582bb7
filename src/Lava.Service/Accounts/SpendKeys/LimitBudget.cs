using System.Globalization;
using Lava.Core.Ledger;
using Lava.Core.SpendKeys;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;

namespace Lava.Service.Accounts.SpendKeys;

/// <summary>What a spend key's limit of money or of calls leaves in one period. Each period has leases of its own, so that a call of yesterday takes nothing of
/// today.</summary>
/// <param name="Book">The key's book.</param>
/// <param name="IsMoney">Whether it is US dollars; otherwise calls.</param>
/// <param name="Cycle">How often the limit begins anew.</param>
/// <param name="Start">Start of the period.</param>
/// <param name="Limit">Most in the period.</param>
internal sealed record LimitBudget(BookKey Book, bool IsMoney, LimitCycle Cycle, DateTimeOffset Start, decimal Limit)
    : Budget(Book, CyclePrefix(IsMoney, Cycle) + Start.ToString("yyyyMMdd", CultureInfo.InvariantCulture))
{
    /// <inheritdoc/>
    public override bool OpensBook => true;

    /// <summary>What is used of it, by what is booked; all of it once a newer period has begun, by another instance's clock.</summary>
    public decimal Used(BookHead head)
    {
        var usage = head.Usage ?? SpendKeyUsage.None;
        return usage.IsOver(Cycle, Start) ? Limit : IsMoney ? usage.SpendIn(Cycle, Start) : usage.RequestsIn(Cycle, Start);
    }

    /// <inheritdoc/>
    public override decimal Available(BookHead head, DateTimeOffset now)
    {
        var available = Limit - Used(head);
        foreach (var (id, lease) in head.Leases)
        {
            if (Counts(id)) available -= lease.Amount;
        }

        return available;
    }

    /// <inheritdoc/>
    public override decimal Share(decimal available, decimal wanted, decimal ahead) =>
        IsMoney ? base.Share(available, wanted, ahead) : Math.Max(wanted, Math.Floor(base.Share(available, wanted, ahead)));

    /// <summary>Whether a lease takes from this budget: every one of the kind does, that of a cycle which the limit had before too, but those of the cycle's
    /// earlier periods.</summary>
    public bool Counts(string leaseId)
    {
        var name = leaseId.AsSpan(leaseId.IndexOf('|', StringComparison.Ordinal) + 1);
        if (!name.StartsWith(KindPrefix(IsMoney), StringComparison.Ordinal)) return false;
        var own = CyclePrefix(IsMoney, Cycle);
        return !name.StartsWith(own, StringComparison.Ordinal) || name[own.Length..].CompareTo(Name.AsSpan(own.Length), StringComparison.Ordinal) >= 0;
    }

    private static string KindPrefix(bool isMoney) => isMoney ? "spend|" : "requests|";

    private static string CyclePrefix(bool isMoney, LimitCycle cycle) => KindPrefix(isMoney) + SpendKeyFields.Word(cycle) + "|";
}
