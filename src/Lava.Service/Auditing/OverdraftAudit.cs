using Lava.Core.Ledger;

namespace Lava.Service.Auditing;

/// <summary>Finds calls of the gateway that took more than there was. Every such call had reserved what it took, so only what was taken beside the gateway
/// (reported usage, expiry, corrections, refunds) can bring a prepaid balance below zero while calls are in flight.</summary>
/// <param name="account">The book's account of value.</param>
internal sealed class OverdraftAudit(string account)
{
    /// <summary>Longer than a call is in flight and its record on its way.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    private readonly List<Step> _steps = [];

    /// <summary>Takes an entry of the book; in any order.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isReported">Whether a call was reported by the merchant and had reserved nothing.</param>
    public void Take(Entry entry, Func<string, bool> isReported)
    {
        var change = 0m;
        foreach (var posting in entry.Postings)
        {
            if (posting.Account == account) change += posting.Amount;
        }

        var byGateway = 0m;
        foreach (var call in entry.Calls)
        {
            if (!isReported(call.Call)) byGateway += call.Amount;
        }

        _steps.Add(new Step(entry.Sequence, entry.At, change, byGateway));
    }

    /// <summary>The most by which calls of the gateway overdrew the account, by the entries taken; 0 where they never did.</summary>
    public decimal Overdrawn()
    {
        _steps.Sort(static (one, other) => one.Sequence.CompareTo(other.Sequence));
        var beside = new Queue<(DateTimeOffset At, decimal Amount)>();
        var (balance, taken, most) = (0m, 0m, 0m);
        foreach (var step in _steps)
        {
            balance += step.Change;

            // What was taken beside the gateway may have been reserved by calls in flight then.
            while (balance >= 0 && beside.TryPeek(out var oldest) && oldest.At < step.At - Longest) taken -= beside.Dequeue().Amount;
            if (-step.Change > step.ByGateway)
            {
                beside.Enqueue((step.At, -step.Change - step.ByGateway));
                taken += -step.Change - step.ByGateway;
            }

            if (step.ByGateway > 0) most = Math.Max(most, -balance - taken);
        }

        return most;
    }

    private readonly record struct Step(long Sequence, DateTimeOffset At, decimal Change, decimal ByGateway);
}
