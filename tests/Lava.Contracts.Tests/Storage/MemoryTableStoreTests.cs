using Lava.Service.Ports.Tables;

namespace Lava.Contracts.Tests.Storage;

public sealed class MemoryTableStoreTests : TableStoreContract
{
    private readonly MemoryTableStore _store = new();

    protected override async ValueTask<ITableStore> OpenAsync()
    {
        await _store.EnsureTablesAsync(TableNames.All, CancellationToken.None);
        return _store;
    }
}
