using Lava.Core.Keys;
using Lava.Service.Auditing;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Storage;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Auditing;

public sealed class DamagedStoreTests : IAsyncLifetime
{
    private readonly ManagementHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_audit_tells_what_it_cannot_read_and_goes_on_with_the_rest()
    {
        var (damaged, sound) = (await _host.NewMerchantAsync(10), await _host.NewMerchantAsync(10));
        var whole = await AuditAsync(_host.Tables);
        whole.Faults.ShouldBeEmpty();

        var book = BookKey.Wallet(new Tenant(damaged.Merchant.Id, Mode.Test)).Partition;
        var found = await AuditAsync(new StumblingTables(_host.Tables) { ReadFault = partition => partition == book ? new TableStoreException("The page is damaged.") : null });
        found.Faults.ShouldContain(fault => fault.Contains(damaged.Merchant.Id, StringComparison.Ordinal) && fault.Contains("The page is damaged.", StringComparison.Ordinal));
        found.Faults.ShouldNotContain(fault => fault.Contains(sound.Merchant.Id, StringComparison.Ordinal));
        found.Books.ShouldBe(whole.Books - 1);
    }

    [Fact]
    public async Task A_row_that_holds_no_document_is_a_fault_and_not_the_end()
    {
        var merchant = await _host.NewMerchantAsync(10);
        await _host.Tables.CommitAsync(TableNames.Books, BookKey.Wallet(new Tenant(merchant.Merchant.Id, Mode.Test)).Partition, [TableWrite.Put(BookRows.Head, new byte[] { 0x5a, 0x5a })], default);
        (await AuditAsync(_host.Tables)).Faults.ShouldContain(fault => fault.Contains(merchant.Merchant.Id, StringComparison.Ordinal));
    }

    private Task<AuditReport> AuditAsync(ITableStore tables) =>
        ActivatorUtilities.CreateInstance<Audit>(_host.Services, tables).RunAsync(default);
}
