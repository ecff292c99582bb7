using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Storage;

public sealed class StoreGateTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private TestStore _store = null!;
    private StumblingTables _tables = null!;
    private StoreGate _gate = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.OpenInMemoryAsync();
        _tables = new StumblingTables(_store.Tables);
        _gate = new StoreGate(_tables, _clock);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_store_that_can_be_read_and_not_written_is_not_ready()
    {
        (await _gate.FindAsync(default)).ShouldBe(StoreState.Ready);
        _tables.WriteFault = () => new TableStoreException("full") { IsTransient = true };
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await _gate.FindAsync(default)).ShouldBe(StoreState.Unavailable);
        _gate.IsOpen.ShouldBeFalse();

        _tables.WriteFault = () => new TableStoreException("damaged");
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await _gate.FindAsync(default)).ShouldBe(StoreState.Failed);
    }

    [Fact]
    public async Task Calls_are_let_in_again_when_the_store_takes_writes_and_not_before()
    {
        _tables.WriteFault = () => new TableStoreException("full") { IsTransient = true };
        _gate.Failed();
        await _gate.TendAsync(default);
        _gate.IsOpen.ShouldBeFalse();
        _tables.WriteFault = null;
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _gate.TendAsync(default);
        _gate.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_asks_often_costs_the_store_one_write_a_second()
    {
        for (var i = 0; i < 100; i++) await _gate.FindAsync(default);
        _tables.Writes.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _gate.FindAsync(default);
        _tables.Writes.ShouldBe(2);
    }

    [Fact]
    public async Task A_store_that_is_well_is_not_asked()
    {
        for (var i = 0; i < 10; i++) await _gate.TendAsync(default);
        _tables.Writes.ShouldBe(0);
    }
}
