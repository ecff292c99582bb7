using Lava.Service.Ports.Payments;

namespace Lava.Contracts.Tests.Payments;

/// <summary>What every adapter of the payments port does. An adapter's tests derive from it and say how to open one and how a cardholder authenticates. It uses only test cards that
/// Stripe keeps for a customer: of those that decline, that is …0341 alone (Stripe, "Testing").</summary>
public abstract class PaymentProcessorContract
{
    private const string Pays = "pm_card_visa";
    private const string Declines = "pm_card_chargeCustomerFail";
    private const string Authenticates = "pm_card_authenticationRequired";
    private static readonly Uri Back = new("https://example.com/back?for=you");

    /// <summary>Opens the processor. Each call opens the same payments and cards again.</summary>
    protected abstract IPaymentProcessor Open();

    /// <summary>An owner that no other test uses.</summary>
    protected abstract string NewOwner();

    /// <summary>Does what the cardholder does on the bank's page.</summary>
    protected abstract ValueTask AuthenticateAsync(Payment payment, bool isApproved);

    /// <summary>Gives a card on the processor's page.</summary>
    protected abstract ValueTask GiveCardAsync(CardSetup setup, string token);

    /// <summary>Lets a moment pass, so that what comes next is newer.</summary>
    protected abstract void Pass();

    protected static CancellationToken None => CancellationToken.None;

    protected static ChargeRequest Charge(string owner, decimal amount = 10, string? key = null, string? method = null, bool isOffSession = false) => new()
    {
        Key = key ?? Guid.NewGuid().ToString("N"), Owner = owner, PaymentMethodId = method, Amount = amount, Description = "A test", IsOffSession = isOffSession, ReturnUrl = isOffSession ? null : Back,
    };

    protected async Task<(IPaymentProcessor Processor, string Owner, PaymentMethod Card)> WithCardAsync(string token)
    {
        var (processor, owner) = (Open(), NewOwner());
        return (processor, owner, await AddAsync(processor, owner, token));
    }

    protected static async Task<PaymentMethod> AddAsync(IPaymentProcessor processor, string owner, string token)
    {
        var added = await processor.AddMethodAsync(owner, token, None);
        (added.IsAdded, added.DeclineCode, added.Message).ShouldBe((true, null, null));
        return added.Method!;
    }

    [Fact]
    public async Task The_first_card_is_the_default_and_cards_are_listed_newest_first_without_error()
    {
        var (processor, owner, first) = await WithCardAsync(Pays);
        Pass();
        var second = await AddAsync(processor, owner, "pm_card_mastercard");
        (first.IsDefault, second.IsDefault).ShouldBe((true, false));
        (await Open().ListMethodsAsync(owner, None)).ShouldBe([second, first], ignoreOrder: false);
        (first.Last4, first.Brand, second.Last4, second.Brand).ShouldBe(("4242", "visa", "4444", "mastercard"));
        first.Id.ShouldStartWith("pm_");
        first.ExpiryMonth.Length.ShouldBe(2);
        first.ExpiryYear.Length.ShouldBe(4);
        (first.ErrorCode, first.ErrorMessage, first.ErrorAt).ShouldBe((null, null, null));
    }

    [Fact]
    public async Task A_charge_takes_the_default_card_and_is_found_again_by_another_instance()
    {
        var (processor, owner, card) = await WithCardAsync(Pays);
        var payment = await processor.ChargeAsync(Charge(owner, 12.34m), None);
        (payment.Status, payment.Amount, payment.PaymentMethodId, payment.DeclineCode, payment.Message, payment.ActionUrl, payment.Refunded).ShouldBe((PaymentStatus.Succeeded, 12.34m, card.Id, null, null, null, 0m));
        payment.Id.ShouldStartWith("pay_");
        (await Open().FindAsync(payment.Id, None)).ShouldBe(payment);
    }

    [Fact]
    public async Task A_named_card_is_charged_instead_of_the_default()
    {
        var (processor, owner, _) = await WithCardAsync(Declines);
        var other = await AddAsync(processor, owner, Pays);
        var payment = await processor.ChargeAsync(Charge(owner, method: other.Id), None);
        (payment.Status, payment.PaymentMethodId).ShouldBe((PaymentStatus.Succeeded, other.Id));
    }

    [Theory]
    [InlineData("10.001", "10.01")]
    [InlineData("10.01", "10.01")]
    [InlineData("0.500000000001", "0.51")]
    public async Task An_amount_is_rounded_up_to_the_cent(string asked, string paid)
    {
        var (processor, owner, _) = await WithCardAsync(Pays);
        var amount = decimal.Parse(asked, System.Globalization.CultureInfo.InvariantCulture);
        (await processor.ChargeAsync(Charge(owner, amount), None)).Amount.ShouldBe(decimal.Parse(paid, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task An_amount_that_is_not_more_than_nothing_is_a_fault(int amount)
    {
        var (processor, owner, _) = await WithCardAsync(Pays);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await processor.ChargeAsync(Charge(owner, amount), None));
    }

    [Fact]
    public async Task A_repeat_of_a_key_is_the_same_payment_also_on_another_instance()
    {
        var (processor, owner, _) = await WithCardAsync(Pays);
        var request = Charge(owner, key: "any/key #1?");
        var first = await processor.ChargeAsync(request, None);
        (await Open().ChargeAsync(request, None)).ShouldBe(first);
        (await processor.ChargeAsync(request with { Key = "any/key #2?" }, None)).Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task Charges_at_once_with_one_key_are_one_payment()
    {
        var (_, owner, _) = await WithCardAsync(Pays);
        var request = Charge(owner);
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await Open().ChargeAsync(request, None))));
        made.Select(payment => payment.Id).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task The_same_key_of_another_owner_is_another_payment()
    {
        var (processor, owner, _) = await WithCardAsync(Pays);
        var (_, other, _) = await WithCardAsync(Pays);
        var first = await processor.ChargeAsync(Charge(owner, key: "k"), None);
        (await processor.ChargeAsync(Charge(other, key: "k"), None)).Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task A_declined_charge_says_why_and_marks_the_card()
    {
        var (processor, owner, card) = await WithCardAsync(Declines);
        var payment = await processor.ChargeAsync(Charge(owner), None);
        (payment.Status, payment.DeclineCode, payment.ActionUrl, payment.PaymentMethodId).ShouldBe((PaymentStatus.Failed, "generic_decline", null, card.Id));
        payment.Message.ShouldNotBeNullOrEmpty();
        var marked = (await processor.ListMethodsAsync(owner, None)).Single();
        (marked.ErrorCode, marked.ErrorMessage).ShouldBe((payment.DeclineCode, payment.Message));
        marked.ErrorAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Without_a_card_or_with_anothers_nothing_is_charged()
    {
        var (processor, owner, _) = await WithCardAsync(Pays);
        var (_, _, anothers) = await WithCardAsync(Pays);
        foreach (var request in new[] { Charge(NewOwner()), Charge(owner, method: anothers.Id), Charge(owner, method: "pm_test_nobody"), Charge(owner, method: "a/b#c?") })
        {
            var payment = await processor.ChargeAsync(request, None);
            (payment.Status, payment.DeclineCode).ShouldBe((PaymentStatus.Failed, "no_payment_method"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_charge_that_needs_its_cardholder_waits_and_ends_as_the_cardholder_does(bool isApproved)
    {
        var (processor, owner, _) = await WithCardAsync(Authenticates);
        var request = Charge(owner);
        var waiting = await processor.ChargeAsync(request, None);
        waiting.Status.ShouldBe(PaymentStatus.RequiresAction);
        waiting.ActionUrl.ShouldNotBeNull();
        (await processor.ChargeAsync(request, None)).ShouldBe(waiting);

        await AuthenticateAsync(waiting, isApproved);
        var ended = (await Open().FindAsync(waiting.Id, None))!;
        (ended.Status, ended.ActionUrl, ended.DeclineCode is null).ShouldBe((isApproved ? PaymentStatus.Succeeded : PaymentStatus.Failed, null, isApproved));
        (await processor.ChargeAsync(request, None)).ShouldBe(ended);
        (await processor.ListMethodsAsync(owner, None)).Single().ErrorCode.ShouldBe(ended.DeclineCode);
    }

    [Fact]
    public async Task A_cards_error_is_gone_with_its_next_charge_that_succeeds()
    {
        var (processor, owner, _) = await WithCardAsync(Authenticates);
        await AuthenticateAsync(await processor.ChargeAsync(Charge(owner), None), false);
        (await processor.ListMethodsAsync(owner, None)).Single().ErrorAt.ShouldNotBeNull();
        await AuthenticateAsync(await processor.ChargeAsync(Charge(owner), None), true);
        var card = (await processor.ListMethodsAsync(owner, None)).Single();
        (card.ErrorCode, card.ErrorMessage, card.ErrorAt).ShouldBe((null, null, null));
    }

    [Fact]
    public async Task Where_the_cardholder_is_not_there_it_fails_instead()
    {
        var (processor, owner, _) = await WithCardAsync(Authenticates);
        var payment = await processor.ChargeAsync(Charge(owner, isOffSession: true), None);
        (payment.Status, payment.DeclineCode, payment.ActionUrl).ShouldBe((PaymentStatus.Failed, "authentication_required", null));
    }

    [Fact]
    public async Task A_payment_that_waits_can_be_given_up_and_one_that_has_ended_stays()
    {
        var (processor, owner, _) = await WithCardAsync(Authenticates);
        var waiting = await processor.ChargeAsync(Charge(owner), None);
        var given = await processor.CancelAsync(waiting.Id, None);
        (given.Status, given.ActionUrl).ShouldBe((PaymentStatus.Failed, null));
        (await processor.CancelAsync(waiting.Id, None)).ShouldBe(given);

        var (_, other, _) = await WithCardAsync(Pays);
        var paid = await processor.ChargeAsync(Charge(other), None);
        (await processor.CancelAsync(paid.Id, None)).ShouldBe(paid);
    }

    [Fact]
    public async Task A_refund_gives_back_once_per_key_and_never_more_than_was_paid()
    {
        var (processor, owner, _) = await WithCardAsync(Pays);
        var payment = await processor.ChargeAsync(Charge(owner, 10), None);
        var key = Guid.NewGuid().ToString("N");
        (await processor.RefundAsync(new RefundRequest(key, payment.Id, 4), None)).Refunded.ShouldBe(4);
        (await Open().RefundAsync(new RefundRequest(key, payment.Id, 4), None)).Refunded.ShouldBe(4);
        (await processor.RefundAsync(new RefundRequest(key + "2", payment.Id, 100), None)).Refunded.ShouldBe(10);
        (await processor.RefundAsync(new RefundRequest(key + "3", payment.Id, 1), None)).Refunded.ShouldBe(10);
        (await processor.FindAsync(payment.Id, None)).ShouldBe(payment with { Refunded = 10 });
    }

    [Fact]
    public async Task Refunds_at_once_with_one_key_give_back_once()
    {
        var (processor, owner, _) = await WithCardAsync(Pays);
        var payment = await processor.ChargeAsync(Charge(owner, 10), None);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await Open().RefundAsync(new RefundRequest("refund " + payment.Id, payment.Id, 3), None))));
        (await processor.FindAsync(payment.Id, None))!.Refunded.ShouldBe(3);
    }

    [Fact]
    public async Task What_was_not_paid_is_not_given_back()
    {
        var (processor, owner, _) = await WithCardAsync(Declines);
        var payment = await processor.ChargeAsync(Charge(owner), None);
        (await processor.RefundAsync(new RefundRequest(payment.Id, payment.Id, 1), None)).ShouldBe(payment);
        await Should.ThrowAsync<ArgumentException>(async () => await processor.RefundAsync(new RefundRequest("k", "pay_test_nothing", 1), None));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.001")]
    public async Task A_refund_of_no_whole_cents_is_a_fault(string amount)
    {
        var (processor, owner, _) = await WithCardAsync(Pays);
        var payment = await processor.ChargeAsync(Charge(owner), None);
        await Should.ThrowAsync<ArgumentException>(async () => await processor.RefundAsync(new RefundRequest("k", payment.Id, decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)), None));
        (await processor.FindAsync(payment.Id, None))!.Refunded.ShouldBe(0);
    }

    [Fact]
    public async Task Another_card_can_be_made_the_default()
    {
        var (processor, owner, first) = await WithCardAsync(Pays);
        Pass();
        var second = await AddAsync(processor, owner, "pm_card_mastercard");
        (await processor.SetDefaultMethodAsync(owner, second.Id, None)).ShouldBeTrue();
        (await processor.ListMethodsAsync(owner, None)).Select(method => (method.Id, method.IsDefault)).ShouldBe([(second.Id, true), (first.Id, false)]);
        (await processor.ChargeAsync(Charge(owner), None)).PaymentMethodId.ShouldBe(second.Id);
    }

    [Fact]
    public async Task A_removed_card_is_charged_no_more_and_no_other_takes_its_place()
    {
        var (processor, owner, first) = await WithCardAsync(Pays);
        var second = await AddAsync(processor, owner, Pays);
        (await processor.RemoveMethodAsync(owner, first.Id, None)).ShouldBeTrue();
        (await processor.RemoveMethodAsync(owner, first.Id, None)).ShouldBeFalse();
        (await processor.SetDefaultMethodAsync(owner, first.Id, None)).ShouldBeFalse();
        (await processor.ListMethodsAsync(owner, None)).ShouldBe([second]);
        (await processor.ChargeAsync(Charge(owner), None)).DeclineCode.ShouldBe("no_payment_method");
        (await processor.ChargeAsync(Charge(owner, method: first.Id), None)).DeclineCode.ShouldBe("no_payment_method");
        (await AddAsync(processor, owner, Pays)).IsDefault.ShouldBeTrue();
    }

    [Fact]
    public async Task One_owner_neither_sees_removes_nor_promotes_anothers_card()
    {
        var (processor, owner, card) = await WithCardAsync(Pays);
        var stranger = NewOwner();
        (await processor.ListMethodsAsync(stranger, None)).ShouldBeEmpty();
        (await processor.RemoveMethodAsync(stranger, card.Id, None)).ShouldBeFalse();
        (await processor.SetDefaultMethodAsync(stranger, card.Id, None)).ShouldBeFalse();
        (await processor.ListMethodsAsync(owner, None)).ShouldBe([card]);
    }

    [Fact]
    public async Task A_card_given_on_the_processors_page_is_the_owners_and_the_first_is_the_default()
    {
        var (processor, owner) = (Open(), NewOwner());
        var setup = await processor.CreateSetupAsync(owner, Back, None);
        (setup.Status, setup.Method).ShouldBe((CardSetupStatus.Waiting, null));
        setup.PageUrl.ShouldNotBeNull();
        (await Open().FindSetupAsync(owner, setup.Id, None)).ShouldBe(setup);
        (await processor.ListMethodsAsync(owner, None)).ShouldBeEmpty();

        await GiveCardAsync(setup, Pays);
        var done = (await Open().FindSetupAsync(owner, setup.Id, None))!;
        (done.Id, done.Status, done.PageUrl, done.Method!.IsDefault, done.Method.Last4).ShouldBe((setup.Id, CardSetupStatus.Complete, null, true, "4242"));
        (await processor.FindSetupAsync(owner, setup.Id, None)).ShouldBe(done);
        (await processor.ListMethodsAsync(owner, None)).ShouldBe([done.Method]);
        (await processor.ChargeAsync(Charge(owner), None)).PaymentMethodId.ShouldBe(done.Method.Id);

        Pass();
        var next = await processor.CreateSetupAsync(owner, Back, None);
        await GiveCardAsync(next, "pm_card_mastercard");
        var second = (await processor.FindSetupAsync(owner, next.Id, None))!.Method!;
        second.IsDefault.ShouldBeFalse();
        (await processor.ListMethodsAsync(owner, None)).ShouldBe([second, done.Method]);
    }

    [Fact]
    public async Task The_collection_of_a_card_is_its_owners_alone()
    {
        var (processor, owner, stranger) = (Open(), NewOwner(), NewOwner());
        var setup = await processor.CreateSetupAsync(owner, Back, None);
        (await processor.FindSetupAsync(stranger, setup.Id, None)).ShouldBeNull();
        await GiveCardAsync(setup, Pays);
        (await processor.FindSetupAsync(stranger, setup.Id, None)).ShouldBeNull();
        (await processor.ListMethodsAsync(stranger, None)).ShouldBeEmpty();
        foreach (var id in new[] { "", "nonsense/#?", "cs_test_nothing", "setup_test_01ARZ3NDEKTSV4RRFFQ69G5FAV" }) (await processor.FindSetupAsync(owner, id, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_form_in_a_page_of_ours_is_there_for_its_owner_or_is_refused()
    {
        var (processor, owner, stranger) = (Open(), NewOwner(), NewOwner());
        if (!processor.HasForm(owner))
        {
            await Should.ThrowAsync<InvalidOperationException>(async () => await processor.CreateFormAsync(owner, None));
            return;
        }

        var setup = await processor.CreateFormAsync(owner, None);
        (setup.Status, setup.PageUrl, setup.Method).ShouldBe((CardSetupStatus.Waiting, null, null));
        setup.Form.ShouldNotBeNull();
        (await Open().FindSetupAsync(owner, setup.Id, None)).ShouldBe(setup);
        (await processor.FindSetupAsync(stranger, setup.Id, None)).ShouldBeNull();
        await processor.CreateFormAsync(stranger, None);
        (await processor.FindSetupAsync(stranger, setup.Id, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_token_that_is_none_is_a_fault() =>
        await Should.ThrowAsync<ArgumentException>(async () => await Open().AddMethodAsync(NewOwner(), "pm_card_nonsense", None));

    [Theory]
    [InlineData("pay_test_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("pay_live_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("nonsense/#?")]
    [InlineData("")]
    public async Task A_payment_that_was_never_made_is_not_found(string id) => (await Open().FindAsync(id, None)).ShouldBeNull();
}
