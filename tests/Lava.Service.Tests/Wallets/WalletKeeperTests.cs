using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Billing.Wallets;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Wallets;

public sealed class WalletKeeperTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task A_wallet_fills_itself_below_its_threshold_and_up_to_the_cap_of_the_day()
    {
        var merchant = await host.NewMerchantAsync();
        var (key, tenant) = (merchant.TestKey, new Tenant(merchant.Merchant.Id, Mode.Test));
        await host.NewCardAsync(key);
        var set = await host.SendAsync(key, "PUT", "/v1/wallet/auto_reload", """{"threshold":"20","amount":"50","daily_cap":"100"}"""u8.ToArray());
        (set.Status, set["enabled"], set["threshold"], set["daily_cap"]).ShouldBe((200, "true", "20.00", "100.00"));
        (await host.BalanceAsync(key)).ShouldBe("100.00");

        await SpendAsync(tenant, 79);
        await KeepAsync(tenant, twice: true);
        (await host.BalanceAsync(key)).ShouldBe("21.00");
        await SpendAsync(tenant, 2);
        await KeepAsync(tenant, twice: true);
        (await host.BalanceAsync(key)).ShouldBe("69.00");

        // Twice 50 would close a gap of 60 below the threshold; the cap lets one.
        await SpendAsync(tenant, 109);
        await KeepAsync(tenant, twice: true);
        (await host.BalanceAsync(key)).ShouldBe("10.00");

        // The next day it goes on.
        host.Clock.Advance(TimeSpan.FromDays(1));
        await KeepAsync(tenant, twice: true);
        (await host.BalanceAsync(key)).ShouldBe("60.00");
        (await host.SendAsync(key, "DELETE", "/v1/wallet/auto_reload"))["enabled"].ShouldBe("false");
        await SpendAsync(tenant, 55);
        await KeepAsync(tenant, twice: true);
        (await host.BalanceAsync(key)).ShouldBe("5.00");
    }

    [Fact]
    public async Task A_card_that_declines_is_not_tried_again_before_an_hour_is_over()
    {
        var merchant = await host.NewMerchantAsync();
        var (key, tenant) = (merchant.TestKey, new Tenant(merchant.Merchant.Id, Mode.Test));
        await host.NewCardAsync(key, "pm_card_chargeDeclined");
        await host.SendAsync(key, "PUT", "/v1/wallet/auto_reload", """{"threshold":"20","amount":"50"}"""u8.ToArray());
        await SpendAsync(tenant, 90);
        for (var i = 0; i < 3; i++) await KeepAsync(tenant, twice: false);
        (await TriesAsync(tenant)).ShouldBe(1);
        host.Clock.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 3; i++) await KeepAsync(tenant, twice: false);
        (await TriesAsync(tenant)).ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"threshold":"20","amount":"9.99"}""", "amount")]
    [InlineData("""{"threshold":"20","amount":"10.001"}""", "amount")]
    [InlineData("""{"threshold":"20","amount":"50","daily_cap":"49"}""", "daily_cap")]
    [InlineData("""{"amount":"50"}""", "threshold")]
    public async Task What_is_wrong_with_the_rule_is_said(string body, string path)
    {
        var key = await host.NewKeyAsync();
        await host.NewCardAsync(key);
        (await host.SendAsync(key, "PUT", "/v1/wallet/auto_reload", System.Text.Encoding.UTF8.GetBytes(body))).Issues.ShouldBe([path]);
        (await host.GetAsync(key, "/v1/wallet/auto_reload"))["enabled"].ShouldBe("false");
    }

    [Fact]
    public async Task A_dispute_about_a_payment_takes_it_out_of_the_wallet_until_it_is_won()
    {
        var key = await host.NewKeyAsync();
        var payment = (await host.FundAsync(key, await host.NewCardAsync(key)))["payment_id"]!;
        (await host.BalanceAsync(key)).ShouldBe("125.00");
        foreach (var (status, balance) in new[] { ("open", "100.00"), ("open", "100.00"), ("won", "125.00"), ("won", "125.00") })
        {
            (await host.PostAsync(key, "/v1/test_helpers/disputes", $$"""{"payment_id":"{{payment}}","status":"{{status}}"}""")).Status.ShouldBe(200);
            var processor = host.Services.GetRequiredService<SimulatedProcessor>();
            var stored = (await processor.FindStoredAsync(payment, default))!;
            foreach (var listener in host.Services.GetServices<IPaymentListener>()) await listener.PaymentEndedAsync(stored.Payment, stored.Key, stored.Owner, default);
            (await host.BalanceAsync(key)).ShouldBe(balance);
        }

        (await host.PostAsync(key, "/v1/test_helpers/disputes", $$"""{"payment_id":"{{payment}}","status":"lost"}""")).Issues.ShouldBe(["status"]);
        (await host.PostAsync(await host.NewKeyAsync(), "/v1/test_helpers/disputes", $$"""{"payment_id":"{{payment}}","status":"open"}""")).Status.ShouldBe(404);
    }

    private async Task SpendAsync(Tenant tenant, decimal amount)
    {
        BookStore books = host.Services.GetRequiredService<BookStore>();
        await books.ChangeAsync(BookKey.Wallet(tenant), (view, _) =>
        {
            var edit = new BookEdit(view.Head!, host.Clock.GetUtcNow());
            var number = edit.Post(EntryReason.ProviderCost, "test", new Posting(Account.Wallet, -amount), new Posting(Account.Cost("test"), amount));
            return ValueTask.FromResult<BookChange?>(new BookChange(edit.Head, [TableWrite.Insert(BookRows.Entry(number), Lava.Service.Storage.Json.Write(edit.Entries[0], LedgerJson.Default.Entry))]));
        }, default);
    }

    private async Task KeepAsync(Tenant tenant, bool twice)
    {
        var keeper = host.Services.GetRequiredService<WalletKeeper>();
        await Task.WhenAll(Enumerable.Range(0, twice ? 2 : 1).Select(_ => keeper.RunAsync(tenant, default).AsTask()));
    }

    private async Task<int> TriesAsync(Tenant tenant)
    {
        var rows = await host.Tables.QueryAsync(Lava.Service.Ports.Tables.TableNames.Payments, PaymentOwners.Merchant(tenant), KeyRange.Prefix("payment|"), 1_000, default);
        return rows.Count;
    }
}
