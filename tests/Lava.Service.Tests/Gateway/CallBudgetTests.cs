using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Customers;
using Lava.Service.Gateway.Caching;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Keys;
using Lava.Service.Gateway.Reservations;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;
using Lava.Service.Pricing.Meters;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Gateway;

/// <summary>What a call holds of each budget before it is sent. The call reads a stored conversation, so its prompt counts as all of gpt-4o-mini's context:
/// 128,000 tokens at 0.15 and 1,000 at 0.60 US dollars a million are 0.0198.</summary>
public sealed class CallBudgetTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private const decimal Dearest = 0.0198m;

    [Fact]
    public async Task A_call_on_the_operators_key_holds_the_most_that_it_can_cost_of_the_wallet_alone()
    {
        var call = await CallAsync(KeySource.Managed);
        (await Budget.ReserveAsync(call, CancellationToken.None)).ShouldBeNull();
        (call.Cost.Amount, call.Charge.Amount).ShouldBe((Dearest, 0));
        call.Release();
        (await IsFreeAsync(BookKey.Wallet(call.Tenant), Account.Wallet, 100)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_call_on_a_key_of_the_merchants_own_holds_nothing()
    {
        foreach (var source in new[] { KeySource.Unmanaged, KeySource.Stored })
        {
            var call = await CallAsync(source);
            (await Budget.ReserveAsync(call, CancellationToken.None)).ShouldBeNull();
            (call.Cost.Amount, call.Charge.Amount).ShouldBe((0, 0));
        }
    }

    [Fact]
    public async Task A_kept_answer_holds_nothing_of_the_wallet()
    {
        var call = await CallAsync(KeySource.Managed);
        call.Kept = new CachedAnswer(DateTimeOffset.UnixEpoch, 200, "application/json", null, default);
        (await Budget.ReserveAsync(call, CancellationToken.None)).ShouldBeNull();
        call.Cost.Amount.ShouldBe(0);
    }

    [Fact]
    public async Task A_call_that_a_customer_pays_holds_the_meters_charge_of_the_credits_too()
    {
        var call = await CallAsync(KeySource.Managed, credit: 3);
        (await Budget.ReserveAsync(call, CancellationToken.None)).ShouldBeNull();
        (call.Cost.Amount, call.Charge.Amount).ShouldBe((Dearest, 2));
        call.Release();
    }

    [Fact]
    public async Task Credits_that_do_not_suffice_refuse_the_call_and_leave_nothing_held_of_the_wallet()
    {
        var call = await CallAsync(KeySource.Managed, credit: 1.99m);
        (await Budget.ReserveAsync(call, CancellationToken.None)).ShouldNotBeNull().Code.ShouldBe("insufficient_credits");
        (call.Cost.Amount, call.Charge.Amount).ShouldBe((0, 0));
        (await IsFreeAsync(BookKey.Wallet(call.Tenant), Account.Wallet, 100)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_wallet_that_does_not_suffice_refuses_the_call_and_leaves_the_credits_free()
    {
        var call = await CallAsync(KeySource.Managed, credit: 3);
        var rest = await host.Services.GetRequiredService<Budgets>().TryReserveAsync(BookKey.Wallet(call.Tenant), Account.Wallet, 100 - Dearest + 0.000001m, CancellationToken.None);
        rest.ShouldNotBeNull();
        (await Budget.ReserveAsync(call, CancellationToken.None)).ShouldNotBeNull().Code.ShouldBe("insufficient_balance");
        (await IsFreeAsync(BookKey.Customer(call.Tenant, call.Incoming.Customer!.Id), Account.Credits, 3)).ShouldBeTrue();
        rest.Release();
    }

    private CallBudget Budget => host.Services.GetRequiredService<CallBudget>();

    private async Task<ForwardCall> CallAsync(KeySource source, decimal? credit = null)
    {
        var merchant = await host.NewMerchantAsync(credit ?? 0);
        var tenant = new Tenant(merchant.Merchant.Id, Mode.Test);
        host.Services.GetRequiredService<ProviderCatalogue>().TryResolve("POST", "api.openai.com", "/v1/chat/completions", out var match).ShouldBeTrue();
        var incoming = new IncomingCall
        {
            Ulid = "01JD0000000000000000000000",
            CreatedAt = DateTimeOffset.UnixEpoch,
            Started = 0,
            Method = "POST",
            Caller = new GatewayCaller(tenant, new ForwardToken(merchant.TestKey, null, null, null, DisableBilling: false), null),
            Metadata = new Dictionary<string, string>(),
            Body = default,
            ContentType = "application/json",
        };
        if (credit is not null)
        {
            var meter = (await host.PostAsync(merchant.TestKey, "/v1/meters", """{"name":"Call","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":"2"}]}"""))["meter_id"]!;
            var customer = await host.NewCustomerAsync(merchant.TestKey);
            incoming.BillTo(
                (await host.Services.GetRequiredService<CustomerStore>().FindAsync(tenant, customer, CancellationToken.None))!.Value.Customer,
                (await host.Services.GetRequiredService<MeterStore>().FindAsync(tenant, meter, CancellationToken.None))!.Value.Meter,
                clockTime: null);
        }

        return new ForwardCall
        {
            Incoming = incoming,
            Url = new Uri("https://api.openai.com/v1/chat/completions"),
            Provider = match.Provider,
            Endpoint = match.Endpoint,
            Model = host.Services.GetRequiredService<ProviderCatalogue>().FindModel(match.Provider, "gpt-4o-mini"),
            Facts = new RequestFacts { HasUnseenInput = true, MaxOutputTokens = 1_000 },
            Body = default,
            ProviderKey = "sk-x",
            KeySource = source,
            IsSandboxed = false,
        };
    }

    private async Task<bool> IsFreeAsync(BookKey book, string account, decimal amount)
    {
        var reserved = await host.Services.GetRequiredService<Budgets>().TryReserveAsync(book, account, amount, CancellationToken.None);
        reserved?.Release();
        return reserved is not null;
    }
}
