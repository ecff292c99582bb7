using Lava.Contracts.Tests.Storage;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Tests.Ledger;

public sealed class BooksTests
{
    [Fact]
    public async Task More_books_than_are_kept_in_memory_can_be_changed_all_at_once()
    {
        var tables = new MemoryTableStore();
        await tables.EnsureTablesAsync(TableNames.All, default);
        BookStore books = new BookStore(tables);
        var tenant = new Tenant("mer_1", Mode.Test);
        await Parallel.ForAsync(0, 60_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, token) =>
        {
            var result = await books.ChangeAsync(BookKey.Customer(tenant, $"con_{i}"), (view, _) => ValueTask.FromResult<BookChange?>(new BookChange(view.Head ?? new BookHead(), [])), token);
            result.Outcome.ShouldBe(ChangeOutcome.Committed);
        });
    }
}
