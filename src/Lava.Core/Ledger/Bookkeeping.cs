namespace Lava.Core.Ledger;

/// <summary>The rules of a book: how an entry and a lease change its head.</summary>
public static class Bookkeeping
{
    /// <summary>Decimals to which a posting is rounded, half to even (spec README, "money inside").</summary>
    public const int Decimals = 12;

    /// <summary>Rounds an amount as it is posted.</summary>
    public static decimal Round(decimal amount) => Math.Round(amount, Decimals, MidpointRounding.ToEven);

    /// <summary>The head after an entry.</summary>
    /// <exception cref="InvalidOperationException">The entry is out of sequence or its postings do not add up to zero: a fault of the caller that must never
    /// reach the store.</exception>
    public static BookHead Post(BookHead head, Entry entry)
    {
        if (entry.Sequence != head.Sequence + 1) throw new InvalidOperationException("An entry follows the newest entry of its book.");
        if (entry.Postings.Sum(posting => posting.Amount) != 0) throw new InvalidOperationException("An entry's postings add up to zero.");
        var accounts = new Dictionary<string, decimal>(head.Accounts);
        foreach (var posting in entry.Postings) accounts[posting.Account] = accounts.GetValueOrDefault(posting.Account) + posting.Amount;
        return head with { Sequence = entry.Sequence, Accounts = accounts, UsedUpBy = UsedUpBy(head, entry, accounts) };
    }

    private static long? UsedUpBy(BookHead head, Entry entry, Dictionary<string, decimal> accounts)
    {
        if (!accounts.TryGetValue(Account.Credits, out var left)) return head.UsedUpBy;
        if (left > 0) return 0;
        if (entry.Reason == EntryReason.UsageCharge) return entry.Sequence;
        return head.Sequence == 0 || head.Balance(Account.Credits) > 0 ? 0 : head.UsedUpBy ?? head.Sequence;
    }

    /// <summary>The head after a lease has changed by <paramref name="change"/> and runs until <paramref name="until"/> (or as before, if null). A lease that
    /// is used up is removed. No lease is removed because its time is over: usage records may still be on their way that charge what it covers
    /// (<see cref="RemoveLease"/>).</summary>
    public static BookHead ChangeLease(BookHead head, string leaseId, decimal change, DateTimeOffset? until)
    {
        var own = head.Leases.GetValueOrDefault(leaseId);
        var amount = Math.Max(0, (own?.Amount ?? 0) + change);
        var end = until ?? own?.Until;
        if (amount <= 0 || end is null) return RemoveLease(head, leaseId);
        return head with { Leases = new Dictionary<string, Lease>(head.Leases) { [leaseId] = new Lease(amount, end.Value) } };
    }

    /// <summary>The head without a lease: what it covered is free again. Only once every record that it covers is booked.</summary>
    public static BookHead RemoveLease(BookHead head, string leaseId)
    {
        if (!head.Leases.ContainsKey(leaseId)) return head;
        var leases = new Dictionary<string, Lease>(head.Leases);
        leases.Remove(leaseId);
        return head with { Leases = leases };
    }

    /// <summary>The head after a meter has counted further.</summary>
    public static BookHead Count(BookHead head, string meterId, decimal total)
    {
        var totals = new Dictionary<string, decimal>(head.Totals) { [meterId] = total };
        return head with { Totals = totals };
    }
}
