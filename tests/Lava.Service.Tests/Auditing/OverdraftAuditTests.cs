using Lava.Core.Ledger;
using Lava.Service.Auditing;

namespace Lava.Service.Tests.Auditing;

public sealed class OverdraftAuditTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly OverdraftAudit _audit = new(Account.Credits);
    private long _sequence;

    [Fact]
    public void Calls_that_take_more_than_there_is_are_told_with_the_most_that_they_overdrew()
    {
        Grant(10);
        for (var i = 0; i < 19; i++) Charge(1);
        Grant(20);
        _audit.Overdrawn().ShouldBe(9);
    }

    [Fact]
    public void Calls_that_take_all_there_is_overdraw_nothing()
    {
        Grant(10);
        for (var i = 0; i < 10; i++) Charge(1);
        _audit.Overdrawn().ShouldBe(0);
    }

    [Fact]
    public void Reported_usage_may_bring_the_balance_below_zero_and_take_what_calls_in_flight_had_reserved()
    {
        Grant(10);
        Charge(8, isReported: true);
        for (var i = 0; i < 10; i++) Charge(1, minutes: 1);
        _audit.Overdrawn().ShouldBe(0);
        Charge(1, minutes: 2);
        _audit.Overdrawn().ShouldBe(1);
    }

    [Fact]
    public void What_was_taken_long_ago_explains_nothing_now()
    {
        Grant(20);
        Charge(10, isReported: true);
        for (var i = 0; i < 11; i++) Charge(1, minutes: 600);
        _audit.Overdrawn().ShouldBe(1);
    }

    [Fact]
    public void Credit_that_expires_while_calls_are_in_flight_explains_a_balance_below_zero()
    {
        Grant(10);
        Add(EntryReason.Expiry, -10, Account.Expired, null, 5);
        for (var i = 0; i < 10; i++) Charge(1, minutes: 6);
        _audit.Overdrawn().ShouldBe(0);
    }

    private void Grant(decimal amount) => Add(EntryReason.IncludedCredit, amount, Account.Grants, null, 0);

    private void Charge(decimal amount, bool isReported = false, int minutes = 0) => Add(EntryReason.UsageCharge, -amount, Account.Charges, isReported ? "reported" : "call", minutes);

    private void Add(EntryReason reason, decimal amount, string against, string? call, int minutes) => _audit.Take(
        new Entry
        {
            Sequence = ++_sequence,
            At = Noon.AddMinutes(minutes),
            Reason = reason,
            Postings = [new Posting(Account.Credits, amount), new Posting(against, -amount)],
            Calls = call is null ? [] : [new EntryCall(call, Math.Abs(amount))],
        },
        static name => name == "reported");
}
