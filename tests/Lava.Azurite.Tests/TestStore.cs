using Lava.Azurite.Tests;
using Lava.Functions.Storage;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Tests.Support;

/// <summary>The tables of one test in the emulator: what tests/Lava.Service.Tests/TestStore.cs is there.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private TestStore(ITableStore tables) => Tables = tables;

    public ITableStore Tables { get; }

    public static async Task<TestStore> OpenAsync()
    {
        var tables = new PrefixedTables(AzureTableStore.Connect(await Emulator.ConnectionAsync(), TimeProvider.System), "T" + Guid.NewGuid().ToString("N"));
        await tables.EnsureTablesAsync(Ports.Tables.TableNames.All, CancellationToken.None);
        return new TestStore(tables);
    }

    public static Task<TestStore> OpenInMemoryAsync() => OpenAsync();

    public static int Cases(int many) => Math.Max(1, many / 50);

    /// <summary>Nothing to do: the tables go with the emulator.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
