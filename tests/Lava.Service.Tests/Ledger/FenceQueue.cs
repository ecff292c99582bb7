using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;

namespace Lava.Service.Tests.Ledger;

/// <summary>Stands for the queue of usage records: fences wait until the test has booked the records before them.</summary>
internal sealed class FenceQueue(BookStore books) : ILeaseFences
{
    private readonly Queue<LeaseFence> _waiting = new();

    public int Count
    {
        get
        {
            lock (_waiting) return _waiting.Count;
        }
    }

    public ValueTask SendAsync(LeaseFence fence, CancellationToken cancellationToken)
    {
        lock (_waiting) _waiting.Enqueue(fence);
        return ValueTask.CompletedTask;
    }

    /// <summary>All records that were durable are booked: the fences arrive.</summary>
    public async Task ArriveAsync()
    {
        while (true)
        {
            LeaseFence? fence;
            lock (_waiting)
            {
                if (!_waiting.TryDequeue(out fence)) return;
            }

            await LeaseFences.ApplyAsync(books, fence, CancellationToken.None);
        }
    }
}
