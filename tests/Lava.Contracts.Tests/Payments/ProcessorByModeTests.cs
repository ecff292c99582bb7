using Lava.Contracts.Tests.Storage;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Payments;
using Lava.Service.Ports;

namespace Lava.Contracts.Tests.Payments;

/// <summary>In test mode the processor of each mode is the simulator, with all that it does.</summary>
public sealed class ProcessorByModeTests : PaymentProcessorContract
{
    private readonly MemoryTableStore _tables = new();
    private readonly FakeTimeProvider _time = new();

    public ProcessorByModeTests() => _tables.EnsureTablesAsync(Tables.All, None).AsTask().GetAwaiter().GetResult();

    protected override IPaymentProcessor Open() => new ProcessorByMode(new SimulatedProcessor(_tables, _time), _time);

    protected override void Pass() => _time.Advance(TimeSpan.FromMilliseconds(1));

    protected override string NewOwner() => PaymentOwners.Customer(new Tenant(Id.Create("mer", Mode.Test, _time.GetUtcNow()), Mode.Test), "con_test_x");

    protected override async ValueTask AuthenticateAsync(Payment payment, bool isApproved) => await new SimulatedProcessor(_tables, _time).AuthenticateAsync(payment.Id, isApproved, None);

    protected override async ValueTask GiveCardAsync(CardSetup setup, string token) => await new SimulatedProcessor(_tables, _time).GiveCardAsync(setup.Id, token, None);

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
        await live.EnsureTablesAsync(Tables.All, None);
        var processor = new ProcessorByMode(new SimulatedProcessor(_tables, _time), _time, new SimulatedProcessor(live, _time));
        processor.Serves(Mode.Live).ShouldBeTrue();
        var (owner, other) = (PaymentOwners.Merchant(new Tenant("mer_x", Mode.Live)), PaymentOwners.Merchant(new Tenant("mer_x", Mode.Test)));
        await processor.AddMethodAsync(owner, "pm_card_visa", None);
        (await processor.ListMethodsAsync(other, None)).ShouldBeEmpty();
        (await live.QueryAsync(Tables.Payments, owner, KeyRange.Prefix("method|"), 10, None)).Count.ShouldBe(1);
        (await processor.ChargeAsync(Charge(owner), None)).Status.ShouldBe(PaymentStatus.Succeeded);
    }
}
