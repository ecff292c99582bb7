using Lava.Local.Storage;
using Lava.Service.Ports.Tables;
using Microsoft.Data.Sqlite;

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
        await store.EnsureTablesAsync(TableNames.All, CancellationToken.None);
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
        await using var limited = new SqliteTableStore(new SqliteOptions { Path = _folder.File("lava.db"), IsDurable = false, MaxBytes = 800 * 1024 });
        var large = Doc(new string('x', 400 * 1024));
        var fault = await Should.ThrowAsync<TableStoreException>(async () =>
            await limited.CommitAsync(Table, p, [TableWrite.Delete("a"), TableWrite.Put("b", large), TableWrite.Put("c", large), TableWrite.Put("d", large)], default));
        fault.Message.ShouldContain("full");
        (await limited.QueryAsync(Table, p, KeyRange.Prefix(""), 100, default)).ShouldHaveSingleItem().Key.ShouldBe("a");
        (await limited.CommitAsync(Table, p, [TableWrite.Put("small", Doc("1"))], default)).IsCommitted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_commit_that_the_disk_failed_is_refused_as_transient_and_the_same_process_writes_again_when_the_disk_does()
    {
        if (!LimitedWriter.IsPossible) return;
        var said = await LimitedWriter.RunAsync(_folder.File("lava.db"));
        said[..4].ShouldBe(["written", "transient", "transient", "transient"]);
        said[^1].ShouldBe("written");
        said[4..^1].ShouldAllBe(word => word == "transient");
        (await (await OpenAsync()).QueryAsync(Table, "limited", KeyRange.Prefix(""), 10, default)).Select(row => row.Key).ShouldBe(["after", "before"]);
    }

    [Fact]
    public async Task A_log_that_is_removed_under_the_running_store_costs_nothing_even_if_the_process_is_killed_afterwards()
    {
        if (!OperatingSystem.IsLinux()) return;
        var p = NewPartition();
        var store = await OpenAsync();
        for (var i = 0; i < 5; i++) await store.CommitAsync(Table, p, [TableWrite.Put($"before-{i}", Doc("1"))], default);
        File.Delete(_folder.File("lava.db-wal"));
        for (var i = 0; i < 5; i++) await store.CommitAsync(Table, p, [TableWrite.Put($"after-{i}", Doc("1"))], default);
        (await store.QueryAsync(Table, p, KeyRange.Prefix(""), 100, default)).Count.ShouldBe(10);

        // What a process that is killed now leaves behind.
        var copy = Directory.CreateDirectory(_folder.File("killed")).FullName;
        foreach (var file in new[] { "lava.db", "lava.db-wal" }) File.Copy(_folder.File(file), Path.Combine(copy, file));
        await using var next = new SqliteTableStore(new SqliteOptions { Path = Path.Combine(copy, "lava.db"), IsDurable = false });
        (await next.QueryAsync(Table, p, KeyRange.Prefix(""), 100, default)).Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_store_that_was_killed_and_whose_log_is_missing_is_refused_unless_the_loss_is_accepted()
    {
        var store = await OpenAsync();
        await store.CommitAsync(Table, NewPartition(), [TableWrite.Put("a", Doc("1"))], default);
        var copy = Directory.CreateDirectory(_folder.File("killed")).FullName;
        foreach (var file in Directory.GetFiles(_folder.Path, "lava.db*").Where(file => !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        var options = new SqliteOptions { Path = Path.Combine(copy, "lava.db"), IsDurable = false };
        Should.Throw<TableStoreException>(() => new SqliteTableStore(options)).Message.ShouldContain("log");
        await using (var accepted = new SqliteTableStore(options with { AcceptsLoss = true })) accepted.LostLog.ShouldBeTrue();
        await using var again = new SqliteTableStore(options);
        again.LostLog.ShouldBeFalse();
    }

    [Fact]
    public async Task A_store_that_was_killed_and_whose_log_is_cut_short_is_refused()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        for (var i = 0; i < 5; i++) await store.CommitAsync(Table, p, [TableWrite.Put($"k{i}", Doc("1"))], default);
        var options = Killed();
        using (var log = new FileStream(options.LogPath, FileMode.Open)) log.SetLength(log.Length - 100);
        Should.Throw<TableStoreException>(() => new SqliteTableStore(options)).Message.ShouldContain("has lost its last 1 commits");
        await using var accepted = new SqliteTableStore(options with { AcceptsLoss = true });
        (await accepted.QueryAsync(Table, p, KeyRange.Prefix(""), 100, default)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_store_that_was_killed_and_looked_at_with_another_tool_is_whole()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        await store.CommitAsync(Table, p, [TableWrite.Put("a", Doc("1"))], default);
        var options = Killed();
        using (var tool = new SqliteConnection($"Data Source={options.Path};Pooling=False"))
        {
            tool.Open();
            using var command = tool.CreateCommand();
            command.CommandText = "SELECT COUNT(*) FROM sqlite_master";
            command.ExecuteScalar();
        }

        File.Exists(options.LogPath).ShouldBeFalse("SQLite brings the log into the file when its last connection closes");
        await using var next = new SqliteTableStore(options);
        next.LostLog.ShouldBeFalse();
        (await next.QueryAsync(Table, p, KeyRange.Prefix(""), 100, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_is_damaged_is_told_of_and_takes_no_more_writes()
    {
        var p = NewPartition();
        var store = (SqliteTableStore)await OpenAsync();
        for (var i = 0; i < 200; i++) await store.CommitAsync(Table, p, [TableWrite.Put($"k{i:D3}", Doc(new string('x', 4_000)))], default);
        await store.DisposeAsync();
        SqliteCheck.Find(_folder.File("lava.db")).ShouldBeEmpty();
        using (var file = new FileStream(_folder.File("lava.db"), FileMode.Open))
        {
            for (var at = 20L * 16_384; at < file.Length; at += 16_384)
            {
                file.Position = at;
                file.Write(new byte[8_192]);
            }
        }

        SqliteCheck.Find(_folder.File("lava.db")).ShouldNotBeEmpty();
        var damaged = await OpenAsync();
        var faults = new List<TableStoreException>();
        for (var i = 0; i < 200; i++)
        {
            try
            {
                await damaged.CommitAsync(Table, p, [TableWrite.Replace($"k{i:D3}", Doc("2"), "0")], default);
            }
            catch (TableStoreException fault)
            {
                faults.Add(fault);
            }
        }

        faults.ShouldNotBeEmpty();
        faults.ShouldAllBe(fault => !fault.IsTransient);
        (await Should.ThrowAsync<TableStoreException>(async () => await damaged.CommitAsync(Table, NewPartition(), [TableWrite.Put("a", Doc("1"))], default))).IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task A_row_of_a_call_takes_little_more_of_the_file_than_it_is_long()
    {
        // 1.2 KB is what a request of a call comes to; with pages of 4 KiB each takes a page of its own beside its row.
        const int Rows = 4_000, Length = 1_200;
        var p = NewPartition();
        var store = (SqliteTableStore)await OpenAsync();
        var document = Doc(new string('x', Length));
        for (var i = 0; i < Rows; i += 50) await store.CommitAsync(Table, p, [.. Enumerable.Range(i, 50).Select(k => TableWrite.Put($"k{k:D8}", document))], default);
        await store.DisposeAsync();
        (new FileInfo(_folder.File("lava.db")).Length / (double)(Rows * Length)).ShouldBeLessThan(1.5);
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

    // What a process that is killed now leaves behind.
    private SqliteOptions Killed()
    {
        var copy = Directory.CreateDirectory(_folder.File("killed")).FullName;
        foreach (var file in Directory.GetFiles(_folder.Path, "lava.db*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal))) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return new SqliteOptions { Path = Path.Combine(copy, "lava.db"), IsDurable = false };
    }
}
