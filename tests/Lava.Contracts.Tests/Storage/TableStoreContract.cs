using System.Text;
using Lava.Service.Ports.Tables;

namespace Lava.Contracts.Tests.Storage;

/// <summary>What every adapter of the tables port does. An adapter's tests derive from it and say how to open one.</summary>
public abstract class TableStoreContract
{
    protected const string Table = TableNames.Books;

    /// <summary>Opens the store. Each call opens the same data again, as another process would.</summary>
    protected abstract ValueTask<ITableStore> OpenAsync();

    /// <summary>A partition that no other test uses.</summary>
    protected static string NewPartition() => "p-" + Guid.NewGuid().ToString("N");

    protected static byte[] Doc(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(TableRow? row) => Encoding.UTF8.GetString(row.ShouldNotBeNull().Data.Span);

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_row_that_was_never_written_is_null()
    {
        var store = await OpenAsync();
        (await store.GetAsync(Table, NewPartition(), "a", None)).ShouldBeNull();
    }

    [Fact]
    public async Task An_inserted_row_is_read_back_with_the_version_that_the_commit_gave()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        var result = await store.CommitAsync(Table, p, [TableWrite.Insert("a", Doc("{\"v\":\"ü\"}"))], None);
        result.IsCommitted.ShouldBeTrue();
        result.FailedIndex.ShouldBe(-1);
        var row = (await store.GetAsync(Table, p, "a", None)).ShouldNotBeNull();
        row.Key.ShouldBe("a");
        row.ETag.ShouldBe(result.ETags.ShouldHaveSingleItem());
        Text(row).ShouldBe("{\"v\":\"ü\"}");
    }

    [Fact]
    public async Task Making_tables_again_changes_nothing()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        await store.CommitAsync(Table, p, [TableWrite.Insert("a", Doc("{}"))], None);
        await store.EnsureTablesAsync(TableNames.All, None);
        (await store.GetAsync(Table, p, "a", None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_duplicate_is_refused_with_its_index_and_nothing_is_written()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        await store.CommitAsync(Table, p, [TableWrite.Insert("b", Doc("\"old\""))], None);
        var result = await store.CommitAsync(Table, p, [TableWrite.Insert("a", Doc("1")), TableWrite.Insert("b", Doc("2")), TableWrite.Insert("c", Doc("3"))], None);
        ShouldBeRefused(result, CommitOutcome.Duplicate, 1);
        (await store.GetAsync(Table, p, "a", None)).ShouldBeNull();
        Text(await store.GetAsync(Table, p, "b", None)).ShouldBe("\"old\"");
    }

    [Fact]
    public async Task A_stale_version_is_refused_with_its_index_and_nothing_is_written()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        var first = await store.CommitAsync(Table, p, [TableWrite.Insert("a", Doc("1"))], None);
        var second = await store.CommitAsync(Table, p, [TableWrite.Replace("a", Doc("2"), first.ETags[0])], None);
        second.IsCommitted.ShouldBeTrue();
        second.ETags[0].ShouldNotBe(first.ETags[0]);
        var replace = await store.CommitAsync(Table, p, [TableWrite.Put("x", Doc("1")), TableWrite.Put("y", Doc("1")), TableWrite.Replace("a", Doc("3"), first.ETags[0])], None);
        ShouldBeRefused(replace, CommitOutcome.Stale, 2);
        ShouldBeRefused(await store.CommitAsync(Table, p, [TableWrite.Delete("a", first.ETags[0])], None), CommitOutcome.Stale, 0);
        Text(await store.GetAsync(Table, p, "a", None)).ShouldBe("2");
        (await store.GetAsync(Table, p, "x", None)).ShouldBeNull();
    }

    [Fact]
    public async Task Replacing_or_deleting_a_missing_row_is_refused_with_its_index()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        var gone = (await store.CommitAsync(Table, p, [TableWrite.Insert("a", Doc("1"))], None)).ETags[0];
        (await store.CommitAsync(Table, p, [TableWrite.Delete("a", gone)], None)).IsCommitted.ShouldBeTrue();
        ShouldBeRefused(await store.CommitAsync(Table, p, [TableWrite.Put("x", Doc("1")), TableWrite.Replace("a", Doc("2"), gone)], None), CommitOutcome.Missing, 1);
        ShouldBeRefused(await store.CommitAsync(Table, p, [TableWrite.Put("x", Doc("1")), TableWrite.Delete("a")], None), CommitOutcome.Missing, 1);
        (await store.GetAsync(Table, p, "x", None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_row_deleted_and_added_again_does_not_have_its_old_version()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        var old = (await store.CommitAsync(Table, p, [TableWrite.Insert("a", Doc("1"))], None)).ETags[0];
        await store.CommitAsync(Table, p, [TableWrite.Delete("a")], None);
        await store.CommitAsync(Table, p, [TableWrite.Insert("a", Doc("1"))], None);
        ShouldBeRefused(await store.CommitAsync(Table, p, [TableWrite.Replace("a", Doc("2"), old)], None), CommitOutcome.Stale, 0);
    }

    [Fact]
    public async Task One_transaction_holds_every_kind_of_write_and_gives_versions_in_order()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        var before = await store.CommitAsync(Table, p, [TableWrite.Insert("r", Doc("1")), TableWrite.Insert("d", Doc("1")), TableWrite.Insert("p", Doc("1"))], None);
        var result = await store.CommitAsync(Table, p,
            [TableWrite.Delete("d", before.ETags[1]), TableWrite.Insert("i", Doc("2")), TableWrite.Put("p", Doc("2")), TableWrite.Put("q", Doc("2")), TableWrite.Replace("r", Doc("2"), before.ETags[0])], None);
        result.IsCommitted.ShouldBeTrue();
        result.ETags.Count.ShouldBe(5);
        result.ETags[0].ShouldBe("");
        var rows = await store.QueryAsync(Table, p, KeyRange.Prefix(""), 10, None);
        rows.Select(r => r.Key).ShouldBe(["i", "p", "q", "r"]);
        rows.Select(r => r.ETag).ShouldBe(result.ETags.Skip(1));
        rows.ShouldAllBe(r => Text(r) == "2");
    }

    [Fact]
    public async Task A_transaction_has_a_hundred_writes_at_most()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        TableWrite[] writes = [.. Enumerable.Range(0, 101).Select(i => TableWrite.Insert($"k{i:D3}", Doc("1")))];
        await Should.ThrowAsync<ArgumentException>(async () => await store.CommitAsync(Table, p, writes, None));
        await Should.ThrowAsync<ArgumentException>(async () => await store.CommitAsync(Table, p, [], None));

        // A version tells a row's states apart, not rows: the table service makes it of the time, and rows of one transaction may share it.
        (await store.CommitAsync(Table, p, writes[..100], None)).ETags.Count.ShouldBe(100);
        (await store.QueryAsync(Table, p, KeyRange.Prefix("k"), 1000, None)).Count.ShouldBe(100);
    }

    [Fact]
    public async Task A_transaction_writes_a_row_once()
    {
        var store = await OpenAsync();
        await Should.ThrowAsync<ArgumentException>(async () => await store.CommitAsync(Table, NewPartition(), [TableWrite.Insert("a", Doc("1")), TableWrite.Put("a", Doc("1"))], None));
    }

    [Fact]
    public async Task The_largest_document_and_the_largest_transaction_fit_and_one_byte_more_does_not()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        var largest = Doc(string.Concat(Enumerable.Repeat(new string('x', 31) + "ä€😀", TableLimits.MaxDocumentBytes / 40)));
        largest.Length.ShouldBe(TableLimits.MaxDocumentBytes);
        (await store.CommitAsync(Table, p, [TableWrite.Insert("a", largest)], None)).IsCommitted.ShouldBeTrue();
        (await store.GetAsync(Table, p, "a", None)).ShouldNotBeNull().Data.Span.SequenceEqual(largest).ShouldBeTrue();
        await Should.ThrowAsync<ArgumentException>(async () => await store.CommitAsync(Table, p, [TableWrite.Insert("b", new byte[TableLimits.MaxDocumentBytes + 1])], None));

        // Each takes a ninth of the room, to the byte.
        var room = (TableLimits.MaxTransactionBytes / 9) - TableLimits.OnWire(p, "f0", []);
        TableWrite[] full = [.. Enumerable.Range(0, 9).Select(i => TableWrite.Put($"f{i}", Doc(new string('x', room))))];
        (await store.CommitAsync(Table, p, full, None)).IsCommitted.ShouldBeTrue();
        await Should.ThrowAsync<ArgumentException>(async () => await store.CommitAsync(Table, p, [.. full, TableWrite.Put("g", Doc("1"))], None));
    }

    [Fact]
    public async Task A_transaction_is_measured_as_it_is_sent_where_a_quotation_mark_takes_six_bytes()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        var marks = Doc(new string('"', (TableLimits.MaxWriteBytes - TableLimits.OnWire(p, "f0", [])) / 6));
        TableWrite[] most = [.. Enumerable.Range(0, 3).Select(i => TableWrite.Put($"f{i}", marks))];
        (await store.CommitAsync(Table, p, most, None)).IsCommitted.ShouldBeTrue();
        (await store.CommitAsync(Table, p, most, None)).IsCommitted.ShouldBeTrue("also over rows that are there");
        (await store.GetAsync(Table, p, "f1", None)).ShouldNotBeNull().Data.Span.SequenceEqual(marks).ShouldBeTrue();
        (await Should.ThrowAsync<ArgumentException>(async () => await store.CommitAsync(Table, p, [.. most, TableWrite.Put("f3", marks)], None))).Message.ShouldContain("bytes on the wire");
        (await Should.ThrowAsync<ArgumentException>(async () => await store.CommitAsync(Table, p, [TableWrite.Put("f0", Doc(new string('"', marks.Length + 1)))], None))).Message.ShouldContain("bytes on the wire");
    }

    [Fact]
    public async Task Keys_that_Azure_refuses_are_refused()
    {
        var store = await OpenAsync();
        string[] bad = ["", "a/b", "a\\b", "a#b", "a?b", "a%b", "a\tb", "a\nb", "é", "\u007f", new string('k', TableLimits.MaxKeyLength + 1)];
        foreach (var key in bad)
        {
            await Should.ThrowAsync<ArgumentException>(async () => await store.CommitAsync(Table, NewPartition(), [TableWrite.Put(key, Doc("1"))], None));
            await Should.ThrowAsync<ArgumentException>(async () => await store.CommitAsync(Table, key, [TableWrite.Put("a", Doc("1"))], None));
            await Should.ThrowAsync<ArgumentException>(async () => await store.GetAsync(Table, key, "a", None));
            await Should.ThrowAsync<ArgumentException>(async () => await store.GetAsync(Table, NewPartition(), key, None));
            await Should.ThrowAsync<ArgumentException>(async () => await store.QueryAsync(Table, key, KeyRange.Prefix("a"), 1, None));
        }
    }

    [Fact]
    public async Task Every_other_printable_character_can_be_in_a_key()
    {
        var store = await OpenAsync();
        var p = NewPartition() + " !\"$&'()*+,-.:;<=>@[]^_`{|}~x";
        var keys = Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => !"/\\#?%".Contains(c)).Select(c => "a" + c + "z").ToArray();
        foreach (var chunk in keys.Chunk(100)) (await store.CommitAsync(Table, p, [.. chunk.Select(k => TableWrite.Insert(k, Doc("1")))], None)).IsCommitted.ShouldBeTrue();
        foreach (var key in keys) (await store.GetAsync(Table, p, key, None)).ShouldNotBeNull().Key.ShouldBe(key);
        (await store.QueryAsync(Table, p, new KeyRange("a", "b"), 1000, None)).Select(r => r.Key).ShouldBe(keys.Order(StringComparer.Ordinal));
        var longest = new string('k', TableLimits.MaxKeyLength);
        (await store.CommitAsync(Table, longest, [TableWrite.Put(longest, Doc("1"))], None)).IsCommitted.ShouldBeTrue();
        (await store.GetAsync(Table, longest, longest, None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Keys_are_ordered_ordinally_upper_case_before_lower()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        string[] keys = ["b", "B", "a", "A", "10", "9", "a1", "a-1", "Z", "_", "~"];
        (await store.CommitAsync(Table, p, [.. keys.Select(k => TableWrite.Insert(k, Doc("1")))], None)).IsCommitted.ShouldBeTrue();
        var rows = await store.QueryAsync(Table, p, new KeyRange("", "~~"), 100, None);
        rows.Select(r => r.Key).ShouldBe(["10", "9", "A", "B", "Z", "_", "a", "a-1", "a1", "b", "~"]);
        (await store.GetAsync(Table, p, "z", None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_range_has_its_start_and_not_its_end()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        await store.CommitAsync(Table, p, [.. "abcde".Select(c => TableWrite.Insert(c.ToString(), Doc("1")))], None);
        await store.CommitAsync(Table, p + "2", [TableWrite.Insert("c", Doc("other partition"))], None);
        (await store.QueryAsync(Table, p, new KeyRange("b", "d"), 100, None)).Select(r => r.Key).ShouldBe(["b", "c"]);
        (await store.QueryAsync(Table, p, new KeyRange("b1", "d1"), 100, None)).Select(r => r.Key).ShouldBe(["c", "d"]);
        (await store.QueryAsync(Table, p, new KeyRange("d", "b"), 100, None)).ShouldBeEmpty();
        (await store.QueryAsync(Table, p, new KeyRange("x", "z"), 100, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_prefix_takes_what_starts_with_it()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        await store.CommitAsync(Table, p, [.. new[] { "a", "m", "m|", "m|1", "m|2|x", "m|z", "m}", "n|1" }.Select(k => TableWrite.Insert(k, Doc("1")))], None);
        (await store.QueryAsync(Table, p, KeyRange.Prefix("m|"), 100, None)).Select(r => r.Key).ShouldBe(["m|", "m|1", "m|2|x", "m|z"]);
    }

    [Fact]
    public async Task Pages_taken_one_after_the_other_give_every_row_once()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        foreach (var chunk in Enumerable.Range(0, 1203).Chunk(100)) await store.CommitAsync(Table, p, [.. chunk.Select(i => TableWrite.Insert($"k{i:D5}", Doc($"{i}")))], None);
        var keys = new List<string>();
        var range = KeyRange.Prefix("k");
        IReadOnlyList<TableRow> page;
        do
        {
            page = await store.QueryAsync(Table, p, range, 500, None);
            keys.AddRange(page.Select(r => r.Key));
            if (page.Count > 0) range = range.After(page[^1].Key);
        }
        while (page.Count == 500);

        keys.ShouldBe(Enumerable.Range(0, 1203).Select(i => $"k{i:D5}"));
        (await store.QueryAsync(Table, p, KeyRange.Prefix("k"), 1000, None)).Count.ShouldBe(1000);
        await Should.ThrowAsync<ArgumentException>(async () => await store.QueryAsync(Table, p, KeyRange.Prefix("k"), 0, None));
        await Should.ThrowAsync<ArgumentException>(async () => await store.QueryAsync(Table, p, KeyRange.Prefix("k"), 1001, None));
    }

    [Fact]
    public async Task Concurrent_increments_with_retries_lose_nothing()
    {
        var store = await OpenAsync();
        var other = await OpenAsync();
        var p = NewPartition();
        await store.CommitAsync(Table, p, [TableWrite.Insert("n", Doc("0"))], None);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var mine = worker % 2 == 0 ? store : other;
            for (var i = 0; i < 10; i++)
            {
                while (true)
                {
                    var row = (await mine.GetAsync(Table, p, "n", None)).ShouldNotBeNull();
                    var next = Doc($"{int.Parse(Text(row), System.Globalization.CultureInfo.InvariantCulture) + 1}");
                    if ((await mine.CommitAsync(Table, p, [TableWrite.Replace("n", next, row.ETag), TableWrite.Insert($"log-{worker}-{i}", next)], None)).IsCommitted) break;
                }
            }
        })));
        Text(await store.GetAsync(Table, p, "n", None)).ShouldBe("80");
        (await store.QueryAsync(Table, p, KeyRange.Prefix("log-"), 1000, None)).Select(Text).Distinct().Count().ShouldBe(80);
    }

    [Fact]
    public async Task Of_many_that_insert_the_same_row_one_wins_and_the_others_disturb_nobody()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        var contested = Enumerable.Range(0, 20).Select(i => store.CommitAsync(Table, p, [TableWrite.Insert($"own-{i:D2}", Doc("1")), TableWrite.Insert("same", Doc($"{i}"))], None).AsTask()).ToArray();
        var free = Enumerable.Range(0, 20).Select(i => store.CommitAsync(Table, p, [TableWrite.Insert($"free-{i:D2}", Doc("1"))], None).AsTask()).ToArray();
        var results = await Task.WhenAll(contested);
        var winner = Array.FindIndex(results, r => r.IsCommitted);
        results.Where((_, i) => i != winner).ShouldAllBe(r => r.Outcome == CommitOutcome.Duplicate && r.FailedIndex == 1);
        (await Task.WhenAll(free)).ShouldAllBe(r => r.IsCommitted);
        (await store.QueryAsync(Table, p, KeyRange.Prefix("own-"), 100, None)).ShouldHaveSingleItem().Key.ShouldBe($"own-{winner:D2}");
        Text(await store.GetAsync(Table, p, "same", None)).ShouldBe($"{winner}");
        (await store.QueryAsync(Table, p, KeyRange.Prefix("free-"), 100, None)).Count.ShouldBe(20);
    }

    [Fact]
    public async Task What_one_opening_commits_another_reads_at_once()
    {
        var store = await OpenAsync();
        var other = await OpenAsync();
        var p = NewPartition();
        var result = await store.CommitAsync(Table, p, [TableWrite.Insert("a", Doc("1"))], None);
        (await other.GetAsync(Table, p, "a", None)).ShouldNotBeNull().ETag.ShouldBe(result.ETags[0]);
        ShouldBeRefused(await other.CommitAsync(Table, p, [TableWrite.Insert("a", Doc("2"))], None), CommitOutcome.Duplicate, 0);
    }

    [Fact]
    public async Task A_table_that_was_never_made_is_an_error()
    {
        var store = await OpenAsync();
        await Should.ThrowAsync<TableStoreException>(async () => await store.CommitAsync("NeverMade", NewPartition(), [TableWrite.Put("a", Doc("1"))], None));
        await Should.ThrowAsync<TableStoreException>(async () => await store.GetAsync("NeverMade", NewPartition(), "a", None));
        (await store.CommitAsync(Table, NewPartition(), [TableWrite.Put("a", Doc("1"))], None)).IsCommitted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_call_that_was_cancelled_before_it_began_does_nothing()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        var cancelled = new CancellationToken(true);
        await Should.ThrowAsync<OperationCanceledException>(async () => await store.CommitAsync(Table, p, [TableWrite.Put("a", Doc("1"))], cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () => await store.GetAsync(Table, p, "a", cancelled));
        (await store.GetAsync(Table, p, "a", None)).ShouldBeNull();
    }

    protected static void ShouldBeRefused(CommitResult result, CommitOutcome outcome, int index)
    {
        result.Outcome.ShouldBe(outcome);
        result.FailedIndex.ShouldBe(index);
        result.ETags.ShouldBeEmpty();
        result.IsCommitted.ShouldBeFalse();
    }
}
