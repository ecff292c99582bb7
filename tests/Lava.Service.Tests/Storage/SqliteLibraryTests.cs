using Lava.Local.Storage;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Tests.Storage;

public sealed class SqliteLibraryTests
{
    [Fact]
    public void The_native_library_sleeps_no_longer_than_it_is_asked_to() => Should.NotThrow(SqliteLibrary.Check);

    [Fact]
    public void A_library_that_sleeps_whole_seconds_is_refused() =>
        Should.Throw<TableStoreException>(() => SqliteLibrary.Check(static _ => 1_000)).Message.ShouldContain("waited 1000 ms");
}
