using Lava.Core.Ledger;

namespace Lava.Service.Auditing;

/// <summary>Finds calls of the gateway that took more than there was. Every such call had reserved what it took, so only what was taken beside the gateway (reported usage, expiry,
/// corrections, refunds) can bring a prepaid balance below zero while calls are in flight.</summary>
/// <param name="account">The book's account of value.</param>
internal sealed class OverdraftAudit(string account)
{
    /// <summary>Longer than a call is in flight and its record on its way.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    private readonly Queue<(DateTimeOffset At, decimal Amount)> _beside = new();
    private decimal _taken;
    private decimal _balance;

    /// <summary>The most by which calls of the gateway overdrew the account; 0 where they never did.</summary>
    public decimal Overdrawn { get; private set; }

    /// <summary>Takes the book's next entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isReported">Whether a call was reported by the merchant and had reserved nothing.</param>
    public void Take(Entry entry, Func<string, bool> isReported)
    {
        var change = 0m;
        foreach (var posting in entry.Postings)
        {
            if (posting.Account == account) change += posting.Amount;
        }

        _balance += change;
        var byGateway = 0m;
        foreach (var call in entry.Calls)
        {
            if (!isReported(call.Call)) byGateway += call.Amount;
        }

        // What was taken beside the gateway may have been reserved by calls in flight then.
        while (_balance >= 0 && _beside.TryPeek(out var oldest) && oldest.At < entry.At - Longest) _taken -= _beside.Dequeue().Amount;
        if (-change > byGateway)
        {
            _beside.Enqueue((entry.At, -change - byGateway));
            _taken += -change - byGateway;
        }

        if (byGateway > 0 && -_balance - _taken > Overdrawn) Overdrawn = -_balance - _taken;
    }
}
