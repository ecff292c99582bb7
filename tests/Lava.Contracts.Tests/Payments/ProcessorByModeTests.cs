using System.Text;
using Lava.Contracts.Tests.Storage;
using Lava.Contracts.Tests.Vault;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;

namespace Lava.Contracts.Tests.Payments;

/// <summary>In test mode the processor of each mode is the simulator, with all that it does.</summary>
public sealed class ProcessorByModeTests : PaymentProcessorContract
{
    private readonly MemoryTableStore _tables = new();
    private readonly MemoryVault _vault = new();
    private readonly ManualTime _time = new();

    public ProcessorByModeTests() => _tables.EnsureTablesAsync(TableNames.All, None).AsTask().GetAwaiter().GetResult();

    protected override IPaymentProcessor Open() => new ProcessorByMode(Simulator(_tables), _time);

    protected override void Pass() => _time.Advance(TimeSpan.FromMilliseconds(1));

    protected override string NewOwner() => PaymentOwners.Customer(new Tenant(Id.Create("mer", Mode.Test, _time.GetUtcNow()), Mode.Test), "con_test_x");

    protected override async ValueTask AuthenticateAsync(Payment payment, bool isApproved) => await Simulator(_tables).AuthenticateAsync(payment.Id, isApproved, None);

    protected override async ValueTask GiveCardAsync(CardSetup setup, string token) => await Simulator(_tables).GiveCardAsync(setup.Id, token, None);

    [Fact]
    public async Task In_live_mode_without_a_processor_there_is_no_card_and_nothing_is_charged()
    {
        var processor = (ProcessorByMode)Open();
        (processor.Serves(Mode.Test), processor.Serves(Mode.Live)).ShouldBe((true, false));
        foreach (var owner in new[] { PaymentOwners.Merchant(new Tenant("mer_x", Mode.Live)), PaymentOwners.Customer(new Tenant("mer_x", Mode.Live), "con_live_x") })
        {
            (await processor.ListMethodsAsync(owner, None)).ShouldBeEmpty();
            var payment = await processor.ChargeAsync(Charge(owner), None);
            (payment.Status, payment.DeclineCode).ShouldBe((PaymentStatus.Failed, "no_payment_method"));
            (await processor.FindAsync(payment.Id, None)).ShouldBeNull();
            await Should.ThrowAsync<InvalidOperationException>(async () => await processor.AddMethodAsync(owner, "pm_card_visa", None));
            await Should.ThrowAsync<InvalidOperationException>(async () => await processor.CreateSetupAsync(owner, new Uri("https://example.com"), None));
            processor.HasForm(owner).ShouldBeFalse();
            await Should.ThrowAsync<InvalidOperationException>(async () => await processor.CreateFormAsync(owner, None));
            (await processor.FindSetupAsync(owner, "setup_x", None)).ShouldBeNull();
            (await processor.RemoveMethodAsync(owner, "pm_x", None)).ShouldBeFalse();
            (await processor.SetDefaultMethodAsync(owner, "pm_x", None)).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_live_processor_serves_live_owners_and_never_test_ones()
    {
        var live = new MemoryTableStore();
        await live.EnsureTablesAsync(TableNames.All, None);
        var processor = new ProcessorByMode(Simulator(_tables), _time, Simulator(live));
        processor.Serves(Mode.Live).ShouldBeTrue();
        var (owner, other) = (PaymentOwners.Merchant(new Tenant("mer_x", Mode.Live)), PaymentOwners.Merchant(new Tenant("mer_x", Mode.Test)));
        await processor.AddMethodAsync(owner, "pm_card_visa", None);
        (await processor.ListMethodsAsync(other, None)).ShouldBeEmpty();
        (await live.QueryAsync(TableNames.Payments, owner, KeyRange.Prefix("method|"), 10, None)).Count.ShouldBe(1);
        (await processor.ChargeAsync(Charge(owner), None)).Status.ShouldBe(PaymentStatus.Succeeded);
    }

    [Fact]
    public async Task No_table_holds_the_address_of_a_page_and_every_instance_makes_the_same()
    {
        var owner = NewOwner();
        await Open().AddMethodAsync(owner, "pm_card_authenticationRequired", None);
        var payment = await Open().ChargeAsync(Charge(owner) with { ReturnUrl = new Uri("https://shop.example/back") }, None);
        var setup = await Open().CreateSetupAsync(owner, new Uri("https://shop.example/back"), None);
        payment.ActionUrl.ShouldNotBeNull().OriginalString.ShouldStartWith($"/pay/authenticate/{payment.Id}/");
        setup.PageUrl.ShouldNotBeNull().OriginalString.ShouldStartWith($"/pay/card/{setup.Id}/");
        (await Open().FindAsync(payment.Id, None))!.ActionUrl.ShouldBe(payment.ActionUrl);
        (await Open().FindSetupAsync(owner, setup.Id, None))!.PageUrl.ShouldBe(setup.PageUrl);

        var stored = string.Concat((await _tables.QueryAsync(TableNames.Payments, owner, KeyRange.Prefix(""), 100, None)).Select(row => Encoding.UTF8.GetString(row.Data.Span)));
        stored.ShouldContain(payment.Id);
        stored.ShouldContain(setup.Id);
        foreach (var address in new[] { payment.ActionUrl!, setup.PageUrl! }) stored.ShouldNotContain(address.OriginalString.Split('/')[^1]);
    }

    [Fact]
    public async Task Instances_that_make_the_first_page_at_once_agree()
    {
        var owner = NewOwner();
        var setups = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Open().CreateSetupAsync(owner, new Uri("https://shop.example/back"), None).AsTask()));
        foreach (var setup in setups) (await Simulator(_tables).FindSetupByPageAsync(setup.Id, setup.PageUrl!.OriginalString.Split('/')[^1], None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Without_a_vault_a_page_lasts_as_long_as_its_process()
    {
        var secrets = new PageSecrets(_tables, new NoVault(), _time);
        var first = await secrets.OfAsync("setup_test_a", None);
        (await secrets.OfAsync("setup_test_a", None)).ShouldBe(first);
        (await secrets.IsAsync("setup_test_a", first, None)).ShouldBeTrue();
        (await secrets.IsAsync("setup_test_b", first, None)).ShouldBeFalse();
        (await new PageSecrets(_tables, new NoVault(), _time).OfAsync("setup_test_a", None)).ShouldNotBe(first);
    }

    private SimulatedProcessor Simulator(ITableStore tables) => new(tables, new PageSecrets(tables, _vault, _time), _time);

    private sealed class NoVault : IVault
    {
        public ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

        public ValueTask SetAsync(string name, string value, CancellationToken cancellationToken) => throw new VaultException("There is none.");

        public ValueTask DeleteAsync(string name, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
