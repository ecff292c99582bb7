using Lava.Core.Ledger;

namespace Lava.Core.Tests.Ledger;

/// <summary>Also meant for a Debug build, in which the ledger asserts the same of itself: <c>dotnet test -c Debug --filter Ledger</c>.</summary>
public sealed class BookEditTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Whatever_happens_to_credits_the_accounts_add_up_to_zero_and_the_lots_to_the_credits()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var edit = new BookEdit(new BookHead(), Start);
            for (var step = 0; step < 40; step++)
            {
                Change(edit, random, Start.AddDays(step));
                edit.Head.Accounts.Values.Sum().ShouldBe(0, $"seed {seed}, step {step}");
                edit.Head.Lots.Sum(lot => lot.Amount).ShouldBe(Math.Max(0, edit.Head.Balance(Account.Credits)), $"seed {seed}, step {step}");
            }

            // The balances are what the entries say, added up anew.
            foreach (var side in edit.Entries.SelectMany(entry => entry.Postings).GroupBy(posting => posting.Account))
                edit.Head.Balance(side.Key).ShouldBe(side.Sum(posting => posting.Amount), $"seed {seed}, {side.Key}");
            edit.Entries.Select(entry => entry.Sequence).ShouldBe(Enumerable.Range(1, edit.Entries.Count).Select(number => (long)number));
        }
    }

    [Fact]
    public void An_entry_that_does_not_add_up_to_zero_is_a_fault_and_changes_nothing()
    {
        var edit = new BookEdit(new BookHead(), Start);
        Should.Throw<InvalidOperationException>(
            () => edit.Post(EntryReason.Funding, null, new Posting(Account.Wallet, 10), new Posting(Account.Funding, -9.99m)));
        edit.Entries.ShouldBeEmpty();
        edit.Head.Accounts.ShouldBeEmpty();
    }

    [Fact]
    public void A_lease_that_gives_back_more_than_it_is_ends_and_is_never_negative()
    {
        var head = Bookkeeping.ChangeLease(new BookHead(), "one", 5, Start.AddMinutes(1));
        Bookkeeping.ChangeLease(head, "one", -7, null).Leases.ShouldBeEmpty();
        Bookkeeping.ChangeLease(head, "one", -2, null).Leases["one"].ShouldBe(new Lease(3, Start.AddMinutes(1)));
    }

    private static void Change(BookEdit edit, Random random, DateTimeOffset now)
    {
        var amount = random.Next(1, 1_000) / 100m;
        switch (random.Next(5))
        {
            case 0:
                Credits.Grant(edit, CreditKind.Bundle, amount, random.Next(2) == 0 ? null : now.AddDays(random.Next(1, 20)), EntryReason.Bundle, null);
                break;
            case 1:
                Credits.Grant(edit, CreditKind.Included, amount, now.AddDays(30), EntryReason.IncludedCredit, null);
                break;
            case 2:
                Credits.Take(edit, amount, EntryReason.Adjustment, null);
                break;
            case 3:
                Credits.Expire(edit, lot => lot.ExpiresAt <= now, null);
                break;
            default:
                Credits.Carry(edit, random.Next(2) == 0 ? null : now.AddDays(30), null, null);
                break;
        }
    }
}
