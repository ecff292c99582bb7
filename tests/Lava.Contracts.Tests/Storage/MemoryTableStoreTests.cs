using Lava.Service.Ports;

namespace Lava.Contracts.Tests.Storage;

public sealed class MemoryTableStoreTests : TableStoreContract
{
    private readonly MemoryTableStore _store = new();

    protected override ValueTask<ITableStore> OpenAsync() => ValueTask.FromResult<ITableStore>(_store);
}
