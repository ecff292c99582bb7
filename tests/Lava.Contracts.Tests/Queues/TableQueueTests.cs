using Lava.Local.Storage;
using Lava.Service.Ports.Tables;

namespace Lava.Contracts.Tests.Queues;

/// <summary>The queue over tables in SQLite.</summary>
public sealed class TableQueueTests : TableQueueContract, IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteTableStore> _stores = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var store in _stores) await store.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    protected override async Task<ITableStore> StoreAsync()
    {
        var store = new SqliteTableStore(new SqliteOptions { Path = _folder.File("lava.db"), IsDurable = false });
        _stores.Add(store);
        await store.EnsureTablesAsync([TableNames.Messages], None);
        return store;
    }
}
