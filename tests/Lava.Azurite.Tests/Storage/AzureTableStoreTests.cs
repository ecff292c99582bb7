using System.Text;
using Lava.Contracts.Tests.Storage;
using Lava.Functions.Storage;
using Lava.Service.Ports.Tables;

namespace Lava.Azurite.Tests.Storage;

/// <summary>The tables port's contract over Azure's adapter and a storage emulator.</summary>
public sealed class AzureTableStoreTests : TableStoreContract
{
    protected override async ValueTask<ITableStore> OpenAsync()
    {
        var store = AzureTableStore.Connect(await Emulator.ConnectionAsync(), TimeProvider.System);
        await store.EnsureTablesAsync(TableNames.All, CancellationToken.None);
        return store;
    }

    [Fact]
    public async Task A_range_longer_than_the_services_pages_is_read_to_what_was_asked()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        for (var i = 0; i < 1_100; i += 100)
            await store.CommitAsync(Table, p, [.. Enumerable.Range(i, 100).Select(n => TableWrite.Insert($"{n:D5}", Doc("{}")))], CancellationToken.None);

        var first = await store.QueryAsync(Table, p, new KeyRange("0", "9"), TableLimits.MaxPage, CancellationToken.None);
        var rest = await store.QueryAsync(Table, p, new KeyRange("0", "9").After(first[^1].Key), TableLimits.MaxPage, CancellationToken.None);

        first.Count.ShouldBe(1_000);
        rest.Select(row => row.Key).ShouldBe(Enumerable.Range(1_000, 100).Select(n => $"{n:D5}"));
    }

    [Fact]
    public async Task A_shorter_document_leaves_nothing_of_the_longer_one_that_it_replaces()
    {
        var store = await OpenAsync();
        var p = NewPartition();
        await store.CommitAsync(Table, p, [TableWrite.Put("a", Doc(new string('x', 100_000)))], CancellationToken.None);

        await store.CommitAsync(Table, p, [TableWrite.Put("a", Doc("{}"))], CancellationToken.None);

        Encoding.UTF8.GetString((await store.GetAsync(Table, p, "a", CancellationToken.None))!.Data.Span).ShouldBe("{}");
    }

    [Fact]
    public async Task A_table_that_does_not_exist_is_a_fault_and_no_missing_row()
    {
        var store = await OpenAsync();

        var fault = await Should.ThrowAsync<TableStoreException>(async () => await store.CommitAsync("Nowhere", "p", [TableWrite.Delete("a")], CancellationToken.None));

        fault.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task A_store_out_of_reach_is_a_fault_that_may_pass()
    {
        // Port 1 is nobody's.
        var store = AzureTableStore.Connect(Emulator.ConnectionTo(1), new HastyTime());

        (await Should.ThrowAsync<TableStoreException>(async () => await store.GetAsync(Table, "p", "a", CancellationToken.None))).IsTransient.ShouldBeTrue();
    }
}
