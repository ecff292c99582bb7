using Lava.Core.Ledger;
using Lava.Service.Ledger.Books;

namespace Lava.Service.Ledger.Leases;

/// <summary>Ends leases whose fences have arrived.</summary>
internal static class LeaseFences
{
    /// <summary>Ends the lease unless it was renewed since the fence was sent. Repeating it changes nothing.</summary>
    public static async ValueTask ApplyAsync(BookStore books, LeaseFence fence, CancellationToken cancellationToken)
    {
        await books.ChangeAsync(
            new BookKey(fence.Book),
            (view, _) => ValueTask.FromResult<BookChange?>(
                view.Head?.Leases.GetValueOrDefault(fence.Lease) is { } lease && (fence.Until is null || fence.Until == lease.Until)
                    ? new BookChange(Bookkeeping.RemoveLease(view.Head, fence.Lease), [])
                    : null),
            cancellationToken);
    }
}
