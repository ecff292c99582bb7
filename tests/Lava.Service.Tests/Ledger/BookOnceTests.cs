using System.Text;
using Lava.Contracts.Tests.Storage;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues;

namespace Lava.Service.Tests.Ledger;

public sealed class BookOnceTests : IAsyncLifetime
{
    private static readonly BookKey Book = BookKey.Wallet(new Tenant("mer_1", Mode.Test));

    private HookedTables _tables = null!;

    public async Task InitializeAsync()
    {
        var inner = new MemoryTableStore();
        await inner.EnsureTablesAsync(TableNames.All, CancellationToken.None);
        _tables = new HookedTables(inner);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task What_an_earlier_delivery_booked_leaves_the_batch_and_the_rest_is_booked()
    {
        (await BookAsync(["a", "c"])).Outcome.ShouldBe(ChangeOutcome.Committed);
        List<string> batch = ["a", "b", "c", "d"];
        (await BookAsync(batch)).Outcome.ShouldBe(ChangeOutcome.Committed);
        batch.ShouldBe(["b", "d"]);
        (await BookAsync(batch)).Outcome.ShouldBe(ChangeOutcome.Duplicate);
        batch.ShouldBeEmpty();
        (await BalanceAsync()).ShouldBe(4);
    }

    [Fact]
    public async Task A_marker_that_stands_in_the_way_and_cannot_be_found_ends_in_a_fault_that_passes_and_nothing_is_booked_twice()
    {
        _tables.Answer = static _ => new CommitResult(CommitOutcome.Duplicate, 1, []);
        List<string> batch = ["a", "b"];
        var fault = await Should.ThrowAsync<TableStoreException>(async () => await BookAsync(batch));

        // The queue takes such a fault for one that no message is to blame for: the message waits and comes again.
        TransientFault.Is(fault).ShouldBeTrue();
        _tables.Commits.ShouldBe(OptimisticRetry.MaxRounds);
        batch.ShouldBe(["a", "b"]);

        _tables.Answer = null;
        (await BookAsync(batch)).Outcome.ShouldBe(ChangeOutcome.Committed);
        (await BookAsync(batch)).Outcome.ShouldBe(ChangeOutcome.Duplicate);
        (await BalanceAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_head_that_others_change_in_every_round_ends_in_a_fault_that_passes()
    {
        _tables.Answer = static _ => new CommitResult(CommitOutcome.Stale, 0, []);
        var fault = await Should.ThrowAsync<TableStoreException>(async () => await BookAsync(["a"]));
        TransientFault.Is(fault).ShouldBeTrue();
        _tables.Commits.ShouldBe(OptimisticRetry.MaxRounds);
    }

    [Fact]
    public async Task A_marker_that_another_replaces_first_is_read_again_at_once()
    {
        await BookAsync(["a"]);
        var replaced = new Dictionary<string, string>(StringComparer.Ordinal);
        var isRaced = false;
        List<string> batch = ["a"];
        var result = await new BookOnce(new BookStore(_tables), _tables).BookAsync(
            Book,
            batch,
            Marker,
            async (view, open, token) =>
            {
                // Another replaces the marker between the reading and the writing.
                if (replaced.Count > 0 && !isRaced)
                {
                    isRaced = true;
                    await _tables.CommitAsync(TableNames.Books, Book.Partition, [TableWrite.Put(Marker("a"), "\"final\""u8.ToArray())], token);
                }

                return Change(view, open, replaced);
            },
            (thing, row) =>
            {
                if (Encoding.UTF8.GetString(row.Data.Span) == "\"final\"") return true;
                replaced[thing] = row.ETag;
                return false;
            },
            CancellationToken.None);
        isRaced.ShouldBeTrue();
        (result.Outcome, batch.Count).ShouldBe((ChangeOutcome.Duplicate, 0));

        // The first booking, the round that finds the marker, the race, and the round that loses to it.
        _tables.Commits.ShouldBe(4);
        (await BalanceAsync()).ShouldBe(1);
    }

    private ValueTask<ChangeResult> BookAsync(List<string> batch) => new BookOnce(new BookStore(_tables), _tables).BookAsync(
        Book,
        batch,
        Marker,
        static (view, open, _) => ValueTask.FromResult<BookChange?>(Change(view, open, new Dictionary<string, string>())),
        static (_, _) => true,
        CancellationToken.None);

    private static BookChange Change(BookView view, List<string> open, Dictionary<string, string> replaced)
    {
        var edit = new BookEdit(view.Head ?? new BookHead(), DateTimeOffset.UnixEpoch);
        edit.Post(EntryReason.Funding, null, new Posting(Account.Wallet, open.Count), new Posting(Account.Funding, -open.Count));
        return new BookChange(edit.Head, [.. open.Select(thing => replaced.TryGetValue(thing, out var etag)
            ? TableWrite.Replace(Marker(thing), "\"mine\""u8.ToArray(), etag)
            : TableWrite.Insert(Marker(thing), "\"draft\""u8.ToArray()))]);
    }

    private async Task<decimal> BalanceAsync() => (await new BookStore(_tables).ReadAsync(Book, CancellationToken.None))!.Balance(Account.Wallet);

    private static string Marker(string thing) => BookRows.Call(thing);

    /// <summary>Tables that may answer a commit in the store's place.</summary>
    private sealed class HookedTables(ITableStore inner) : ITableStore
    {
        public int Commits { get; private set; }

        public Func<IReadOnlyList<TableWrite>, CommitResult>? Answer { get; set; }

        public ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken) =>
            inner.EnsureTablesAsync(tables, cancellationToken);

        public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken) =>
            inner.GetAsync(table, partition, row, cancellationToken);

        public ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken) =>
            inner.QueryAsync(table, partition, range, take, cancellationToken);

        public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
        {
            Commits++;
            return Answer is { } answer ? ValueTask.FromResult(answer(writes)) : inner.CommitAsync(table, partition, writes, cancellationToken);
        }
    }
}
