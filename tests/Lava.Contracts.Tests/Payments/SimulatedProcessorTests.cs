using Lava.Contracts.Tests.Storage;
using Lava.Contracts.Tests.Vault;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;

namespace Lava.Contracts.Tests.Payments;

public sealed class SimulatedProcessorTests : PaymentProcessorContract
{
    private readonly MemoryTableStore _tables = new();
    private readonly MemoryVault _vault = new();
    private readonly ManualTime _time = new();

    public SimulatedProcessorTests() => _tables.EnsureTablesAsync(TableNames.All, None).AsTask().GetAwaiter().GetResult();

    protected override IPaymentProcessor Open() => Simulator();

    protected override void Pass() => _time.Advance(TimeSpan.FromMilliseconds(1));

    protected override string NewOwner() => PaymentOwners.Merchant(new Tenant(Id.Create("mer", Mode.Test, _time.GetUtcNow()), Mode.Test));

    protected override async ValueTask AuthenticateAsync(Payment payment, bool isApproved) => await Simulator().AuthenticateAsync(payment.Id, isApproved, None);

    protected override async ValueTask GiveCardAsync(CardSetup setup, string token) => await Simulator().GiveCardAsync(setup.Id, token, None);

    [Theory]
    [InlineData("4000000000000002", "generic_decline")]
    [InlineData("4000000000009995", "insufficient_funds")]
    [InlineData("4000000000009987", "lost_card")]
    [InlineData("4000000000009979", "stolen_card")]
    [InlineData("4000000000000069", "expired_card")]
    [InlineData("4000000000000127", "incorrect_cvc")]
    [InlineData("4000000000000119", "processing_error")]
    [InlineData("4000000000006975", "card_velocity_exceeded")]
    [InlineData("4000000000000341", "generic_decline")]
    [InlineData("pm_card_chargeDeclined", "generic_decline")]
    [InlineData("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds")]
    [InlineData("pm_card_chargeDeclinedExpiredCard", "expired_card")]
    public async Task A_card_that_declines_does_so_in_its_own_words_there_or_not(string token, string code)
    {
        var (processor, owner, _) = await WithCardAsync(token);
        foreach (var isOffSession in new[] { false, true })
        {
            var payment = await processor.ChargeAsync(Charge(owner, isOffSession: isOffSession), None);
            (payment.Status, payment.DeclineCode).ShouldBe((PaymentStatus.Failed, code));
            payment.Message.ShouldNotBeNullOrEmpty();
        }
    }

    [Theory]
    [InlineData("4242424242424242")]
    [InlineData("4000056655665556")]
    [InlineData("5555555555554444")]
    [InlineData("378282246310005")]
    [InlineData("6011111111111117")]
    public async Task A_card_that_pays_pays_there_or_not(string number)
    {
        var (processor, owner, card) = await WithCardAsync(number);
        card.Last4.ShouldBe(number[^4..]);
        foreach (var isOffSession in new[] { false, true }) (await processor.ChargeAsync(Charge(owner, isOffSession: isOffSession), None)).Status.ShouldBe(PaymentStatus.Succeeded);
    }

    [Theory]
    [InlineData("4000002760003184", PaymentStatus.Failed)]
    [InlineData("4000002500003155", PaymentStatus.Failed)]
    [InlineData("4000003800000446", PaymentStatus.Succeeded)]
    [InlineData("4000008260003178", PaymentStatus.Failed)]
    public async Task A_card_that_authenticates_waits_for_its_holder_and_is_charged_without_only_where_it_was_set_up(string number, PaymentStatus offSession)
    {
        var (processor, owner, _) = await WithCardAsync(number);
        (await processor.ChargeAsync(Charge(owner), None)).Status.ShouldBe(PaymentStatus.RequiresAction);
        var alone = await processor.ChargeAsync(Charge(owner, isOffSession: true), None);
        (alone.Status, alone.DeclineCode).ShouldBe((offSession, offSession == PaymentStatus.Failed ? "authentication_required" : null));
    }

    [Fact]
    public async Task An_authenticated_charge_may_still_be_declined()
    {
        var (processor, owner, _) = await WithCardAsync("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds");
        var waiting = await processor.ChargeAsync(Charge(owner), None);
        await AuthenticateAsync(waiting, true);
        var ended = (await processor.FindAsync(waiting.Id, None))!;
        (ended.Status, ended.DeclineCode).ShouldBe((PaymentStatus.Failed, "insufficient_funds"));
    }

    [Fact]
    public async Task Each_address_of_authentication_holds_a_secret_of_its_own()
    {
        var (processor, owner, _) = await WithCardAsync("pm_card_authenticationRequired");
        var first = await processor.ChargeAsync(Charge(owner), None);
        var second = await processor.ChargeAsync(Charge(owner), None);
        var (one, other) = (first.ActionUrl!.OriginalString.Split('/')[^1], second.ActionUrl!.OriginalString.Split('/')[^1]);
        one.Length.ShouldBe(64);
        one.ShouldNotBe(other);
    }

    [Fact]
    public async Task Cards_added_at_once_have_one_default_among_them()
    {
        var owner = NewOwner();
        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await AddAsync(Open(), owner, "pm_card_visa"))));
        added.Count(card => card.IsDefault).ShouldBe(1);
        (await Open().ListMethodsAsync(owner, None)).Single(card => card.IsDefault).Id.ShouldBe(added.Single(card => card.IsDefault).Id);
    }

    [Fact]
    public async Task Cards_given_at_once_on_one_page_are_one_card()
    {
        var owner = NewOwner();
        var setup = await Open().CreateSetupAsync(owner, new Uri("https://example.com"), None);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await GiveCardAsync(setup, "pm_card_visa"))));
        (await Open().ListMethodsAsync(owner, None)).ShouldBe([(await Open().FindSetupAsync(owner, setup.Id, None))!.Method!]);
    }

    [Fact]
    public async Task A_card_removed_while_it_is_charged_stays_removed()
    {
        for (var i = 0; i < 50; i++)
        {
            var (processor, owner, card) = await WithCardAsync("pm_card_visa");
            await Task.WhenAll(Task.Run(async () => await processor.ChargeAsync(Charge(owner), None)), Task.Run(async () => await processor.RemoveMethodAsync(owner, card.Id, None)));
            (await processor.ListMethodsAsync(owner, None)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Authenticating_and_giving_up_at_once_have_one_end()
    {
        for (var i = 0; i < 50; i++)
        {
            var (processor, owner, _) = await WithCardAsync("pm_card_authenticationRequired");
            var waiting = await processor.ChargeAsync(Charge(owner), None);
            var ends = await Task.WhenAll(Task.Run(async () => await Simulator().AuthenticateAsync(waiting.Id, true, None)), Task.Run(async () => await processor.CancelAsync(waiting.Id, None)));
            ends[0].ShouldBe(ends[1]);
        }
    }

    private SimulatedProcessor Simulator() => new(_tables, new PageSecrets(_tables, _vault, _time), _time);
}
