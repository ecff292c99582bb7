using System.Diagnostics;

namespace Lava.Core.Ledger;

/// <summary>The rules of credits: what is owed is repaid first, what ends first is spent first. The lots always add up to the balance, or to nothing where that
/// is negative.</summary>
public static class Credits
{
    /// <summary>Adds credits. A negative balance is repaid from them first (behaviour.md §6.3, 6).</summary>
    /// <param name="edit">The book.</param>
    /// <param name="kind">Their origin.</param>
    /// <param name="amount">How many; nothing happens for 0.</param>
    /// <param name="expiresAt">When they run out; null for never.</param>
    /// <param name="reason">Why they are given.</param>
    /// <param name="cause">What caused it.</param>
    public static void Grant(BookEdit edit, CreditKind kind, decimal amount, DateTimeOffset? expiresAt, EntryReason reason, string? cause)
    {
        if (amount == 0) return;
        var owed = Math.Max(0, -edit.Head.Balance(Account.Credits));
        var number = edit.Post(reason, cause, new Posting(Account.Credits, amount), new Posting(Account.Grants, -amount));
        if (amount > owed) edit.Head = edit.Head with { Lots = InOrder([.. edit.Head.Lots, new CreditLot(number, kind, amount - owed, expiresAt)]) };
        AssertLots(edit.Head);
    }

    /// <summary>Takes credits back; more than there are is owed.</summary>
    public static void Take(BookEdit edit, decimal amount, EntryReason reason, string? cause)
    {
        edit.Post(reason, cause, new Posting(Account.Credits, -amount), new Posting(Account.Grants, amount));
        edit.Head = Spend(edit.Head, amount);
    }

    /// <summary>Takes a posted amount off the lots, those that end first before the others; what they do not cover is owed.</summary>
    public static BookHead Spend(BookHead head, decimal amount)
    {
        if (amount <= 0 || head.Lots.Count == 0) return head;
        var left = new List<CreditLot>(head.Lots.Count);
        foreach (var lot in head.Lots)
        {
            var taken = Math.Min(lot.Amount, amount);
            amount -= taken;
            if (taken < lot.Amount) left.Add(taken == 0 ? lot : lot with { Amount = lot.Amount - taken });
        }

        head = head with { Lots = left };
        AssertLots(head);
        return head;
    }

    /// <summary>Ends the lots that <paramref name="isOver"/> names.</summary>
    public static void Expire(BookEdit edit, Func<CreditLot, bool> isOver, string? cause)
    {
        var over = edit.Head.Lots.Where(isOver).Sum(lot => lot.Amount);
        if (over == 0) return;
        edit.Post(EntryReason.Expiry, cause, new Posting(Account.Credits, -over), new Posting(Account.Expired, over));
        edit.Head = edit.Head with { Lots = [.. edit.Head.Lots.Where(lot => !isOver(lot))] };
        AssertLots(edit.Head);
    }

    /// <summary>Carries what is left into a cycle: included credits become rollover, and every lot ends as the plan now has it.</summary>
    /// <param name="edit">The book.</param>
    /// <param name="cycleExpiry">When cycle credits end from now on; null if the plan carries them over.</param>
    /// <param name="bundleExpiry">When bundle credits end from now on; null if the plan carries them over.</param>
    /// <param name="cause">What caused it.</param>
    public static void Carry(BookEdit edit, DateTimeOffset? cycleExpiry, DateTimeOffset? bundleExpiry, string? cause)
    {
        var carried = edit.Head.Lots.Where(lot => lot.Kind == CreditKind.Included).Sum(lot => lot.Amount);
        if (carried > 0) edit.Post(EntryReason.Rollover, cause, new Posting(Account.Credits, -carried), new Posting(Account.Credits, carried));
        edit.Head = edit.Head with
        {
            Lots = InOrder(edit.Head.Lots.Select(lot => lot.IsCycle
                ? lot with { Kind = CreditKind.Rollover, ExpiresAt = cycleExpiry }
                : lot with { ExpiresAt = bundleExpiry })),
        };
    }

    /// <summary>What is left of cycle credits, less what is owed.</summary>
    public static decimal OfCycle(BookHead head) => head.Balance(Account.Credits) - OfBundles(head);

    /// <summary>What is left of bundle credits.</summary>
    public static decimal OfBundles(BookHead head) => head.Lots.Where(lot => !lot.IsCycle).Sum(lot => lot.Amount);

    [Conditional("DEBUG")]
    private static void AssertLots(BookHead head)
    {
        Debug.Assert(head.Lots.All(lot => lot.Amount > 0), "A lot is more than nothing.");
        Debug.Assert(head.Lots.Sum(lot => lot.Amount) == Math.Max(0, head.Balance(Account.Credits)), "The lots add up to the credits.");
    }

    // What ends first; of those that end together the plan's before what was paid for apart, the older before the newer.
    private static CreditLot[] InOrder(IEnumerable<CreditLot> lots) =>
        [.. lots.OrderBy(lot => lot.ExpiresAt ?? DateTimeOffset.MaxValue).ThenBy(lot => lot.IsCycle ? 0 : 1).ThenBy(lot => lot.Number)];
}
