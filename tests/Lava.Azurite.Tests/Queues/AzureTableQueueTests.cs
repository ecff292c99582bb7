using Lava.Contracts.Tests.Queues;
using Lava.Functions.Storage;
using Lava.Service.Ports.Tables;

namespace Lava.Azurite.Tests.Queues;

/// <summary>The queue over tables in Azure's adapter.</summary>
public sealed class AzureTableQueueTests : TableQueueContract
{
    protected override async Task<ITableStore> StoreAsync()
    {
        var store = AzureTableStore.Connect(await Emulator.ConnectionAsync(), TimeProvider.System);
        await store.EnsureTablesAsync([TableNames.Messages], None);
        return store;
    }
}
