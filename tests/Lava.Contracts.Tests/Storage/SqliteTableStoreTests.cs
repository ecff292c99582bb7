using Lava.Local.Storage;
using Lava.Service.Ports;

namespace Lava.Contracts.Tests.Storage;

public sealed class SqliteTableStoreTests : TableStoreContract, IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteTableStore> _opened = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var store in _opened) await store.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    protected override async ValueTask<ITableStore> OpenAsync()
    {
        var store = new SqliteTableStore(new SqliteOptions { Path = _folder.File("lava.db"), IsDurable = false });
        _opened.Add(store);
        await store.EnsureTablesAsync(Tables.All, CancellationToken.None);
        return store;
    }

    [Fact]
    public async Task What_was_committed_is_there_after_disposal_and_reopening()
    {
        var p = NewPartition();
        var store = (SqliteTableStore)await OpenAsync();
        var etag = (await store.CommitAsync(Table, p, [TableWrite.Insert("a", Doc("1"))], default)).ETags[0];
        await store.DisposeAsync();
        var row = await (await OpenAsync()).GetAsync(Table, p, "a", default);
        row.ShouldNotBeNull().ETag.ShouldBe(etag);
    }

    [Fact]
    public async Task Disposal_carries_out_what_was_queued_and_refuses_what_comes_later()
    {
        var p = NewPartition();
        var store = (SqliteTableStore)await OpenAsync();
        var queued = Enumerable.Range(0, 300).Select(i => store.CommitAsync(Table, p, [TableWrite.Insert($"k{i:D3}", Doc("1"))], default).AsTask()).ToArray();
        await store.DisposeAsync();
        (await Task.WhenAll(queued)).ShouldAllBe(r => r.IsCommitted);
        await Should.ThrowAsync<TableStoreException>(async () => await store.CommitAsync(Table, p, [TableWrite.Put("a", Doc("1"))], default));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await store.GetAsync(Table, p, "a", default));
        (await (await OpenAsync()).QueryAsync(Table, p, KeyRange.Prefix("k"), 1000, default)).Count.ShouldBe(300);
        File.Exists(_folder.File("lava.db")).ShouldBeTrue();
    }

    [Fact]
    public async Task The_file_and_its_log_are_readable_by_their_owner_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        var store = await OpenAsync();
        await store.CommitAsync(Table, NewPartition(), [TableWrite.Put("a", Doc("1"))], default);
        foreach (var name in new[] { "lava.db", "lava.db-wal", "lava.db-shm" })
            File.GetUnixFileMode(_folder.File(name)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, name);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_clearly()
    {
        File.WriteAllText(_folder.File("lava.db"), new string('x', 5000));
        Should.Throw<TableStoreException>(() => new SqliteTableStore(new SqliteOptions { Path = _folder.File("lava.db") })).IsTransient.ShouldBeFalse();
        Should.Throw<TableStoreException>(() => new SqliteTableStore(new SqliteOptions { Path = _folder.File("none/lava.db") }));
    }

    [Fact]
    public async Task A_commit_that_finds_another_process_writing_for_too_long_fails_as_transient_and_writes_nothing()
    {
        var p = NewPartition();
        await OpenAsync();
        await using var impatient = new SqliteTableStore(new SqliteOptions { Path = _folder.File("lava.db"), IsDurable = false, BusyTimeout = TimeSpan.FromMilliseconds(20) });
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.File("lava.db")};Pooling=False"))
        {
            other.Open();
            using var begin = other.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            begin.ExecuteNonQuery();
            var fault = await Should.ThrowAsync<TableStoreException>(async () => await impatient.CommitAsync(Table, p, [TableWrite.Put("a", Doc("1"))], default));
            fault.IsTransient.ShouldBeTrue();
        }

        (await impatient.GetAsync(Table, p, "a", default)).ShouldBeNull();
        (await impatient.CommitAsync(Table, p, [TableWrite.Put("a", Doc("1"))], default)).IsCommitted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_full_disk_fails_the_commit_whole_and_the_store_goes_on_when_there_is_room_again()
    {
        var p = NewPartition();
        var store = await OpenAsync();
        (await store.CommitAsync(Table, p, [TableWrite.Put("a", Doc("1"))], default)).IsCommitted.ShouldBeTrue();
        await using var limited = new SqliteTableStore(new SqliteOptions { Path = _folder.File("lava.db"), IsDurable = false, MaxPages = 200 });
        var large = Doc(new string('x', 400 * 1024));
        var fault = await Should.ThrowAsync<TableStoreException>(async () =>
            await limited.CommitAsync(Table, p, [TableWrite.Delete("a"), TableWrite.Put("b", large), TableWrite.Put("c", large), TableWrite.Put("d", large)], default));
        fault.Message.ShouldContain("full");
        (await limited.QueryAsync(Table, p, KeyRange.Prefix(""), 100, default)).ShouldHaveSingleItem().Key.ShouldBe("a");
        (await limited.CommitAsync(Table, p, [TableWrite.Put("small", Doc("1"))], default)).IsCommitted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_killed_process_keeps_what_it_acknowledged_and_nothing_by_half()
    {
        var acknowledged = await KilledWriter.RunAndKillAsync(_folder.File("lava.db"), 200);
        acknowledged.Count.ShouldBeGreaterThanOrEqualTo(200);
        var store = await OpenAsync();
        var first = await AllAsync(store, "a");
        var second = await AllAsync(store, "b");
        first.ShouldBe(second);
        acknowledged.ShouldBeSubsetOf(first);
        (await store.CommitAsync(Table, NewPartition(), [TableWrite.Put("a", Doc("1"))], default)).IsCommitted.ShouldBeTrue();

        static async Task<List<int>> AllAsync(ITableStore store, string half)
        {
            var numbers = new List<int>();
            var range = KeyRange.Prefix(half);
            while (true)
            {
                var rows = await store.QueryAsync(Table, KilledWriter.Partition, range, 1000, default);
                numbers.AddRange(rows.Select(row => int.Parse(row.Key.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)));
                if (rows.Count < 1000) return numbers;
                range = range.After(rows[^1].Key);
            }
        }
    }
}
