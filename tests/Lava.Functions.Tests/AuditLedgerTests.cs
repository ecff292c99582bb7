using Lava.Contracts.Tests.Storage;
using Lava.Core.Keys;
using Lava.Functions.Timers;
using Lava.Service.Admin;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lava.Functions.Tests;

public sealed class AuditLedgerTests
{
    [Fact]
    public async Task A_run_that_finds_a_fault_fails_for_the_host_samples_logs_but_no_runs()
    {
        var tables = new MemoryTableStore();
        await tables.EnsureTablesAsync(TableNames.All, CancellationToken.None);
        await using var services = ServiceEndpoints.Services(collection => collection.Replace(ServiceDescriptor.Singleton<ITableStore>(tables)));
        var merchant = (await services.GetRequiredService<FirstMerchant>().CreateAsync(CancellationToken.None))!.Merchant;
        var audit = ActivatorUtilities.CreateInstance<AuditLedgerFunction>(services);
        await audit.RunAsync(new TimerInfo(), CancellationToken.None);

        // The wallet's funding is taken out of its book behind the ledger's back.
        var book = BookKey.Wallet(new Tenant(merchant.Id, Mode.Test)).Partition;
        foreach (var row in await tables.QueryAsync(TableNames.Books, book, KeyRange.Prefix("entry"), 10, CancellationToken.None))
            await tables.CommitAsync(TableNames.Books, book, [TableWrite.Delete(row.Key)], CancellationToken.None);

        (await Should.ThrowAsync<InvalidOperationException>(() => audit.RunAsync(new TimerInfo(), CancellationToken.None))).Message.ShouldContain("faults");
    }
}
