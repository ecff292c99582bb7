using Lava.Contracts.Tests.Storage;
using Lava.Local.Storage;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Tests.Support;

/// <summary>The tables of one test, and of nobody else. The suites over it run twice: here, and in Lava.Azurite.Tests, which compiles them with a class of this name over Azure's adapter
/// and an emulator.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly DirectoryInfo? _folder;
    private readonly SqliteTableStore? _sqlite;

    private TestStore(ITableStore tables, SqliteTableStore? sqlite, DirectoryInfo? folder) => (Tables, _sqlite, _folder) = (tables, sqlite, folder);

    /// <summary>The store; every table exists.</summary>
    public ITableStore Tables { get; }

    /// <summary>Tables in a file.</summary>
    public static async Task<TestStore> OpenAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lava-store-");
        var sqlite = new SqliteTableStore(new SqliteOptions { Path = Path.Combine(folder.FullName, "lava.db"), IsDurable = false });
        await sqlite.EnsureTablesAsync(Ports.Tables.TableNames.All, CancellationToken.None);
        return new TestStore(sqlite, sqlite, folder);
    }

    /// <summary>Tables for a test that needs a great many stores.</summary>
    public static async Task<TestStore> OpenInMemoryAsync()
    {
        var tables = new MemoryTableStore();
        await tables.EnsureTablesAsync(Ports.Tables.TableNames.All, CancellationToken.None);
        return new TestStore(tables, null, null);
    }

    /// <summary>How many of <paramref name="many"/> cases there is time for over this store.</summary>
    public static int Cases(int many) => many;

    public async ValueTask DisposeAsync()
    {
        if (_sqlite is not null) await _sqlite.DisposeAsync();
        _folder?.Delete(recursive: true);
    }
}
