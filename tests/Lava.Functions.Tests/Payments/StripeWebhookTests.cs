using System.Text;
using System.Text.Json.Nodes;
using Lava.Core.Keys;
using Lava.Functions.Http;
using Lava.Service.Admin;
using Lava.Service.Billing.Wallets;
using Lava.Service.Ledger;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues;
using Lava.StripeFake;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Functions.Tests.Payments;

/// <summary>The head as it is composed for Stripe, with its endpoint and its queue, over a fake Stripe.</summary>
public sealed class StripeWebhookTests : IClassFixture<StripeWorld>, IAsyncLifetime
{
    private readonly StripeWorld _world;
    private readonly ServiceProvider _services;
    private Tenant _tenant;

    public StripeWebhookTests(StripeWorld world)
    {
        _world = world;
        _services = Services(world, [new("Stripe:ApiKeySecret", "stripe-api-key"), new("Stripe:ApiBase", world.Stripe.Address.AbsoluteUri), new("WEBSITE_HOSTNAME", "lava.example")]);
    }

    private FakeStripeObjects Objects => _world.Stripe.Objects;

    private string Owner => PaymentOwners.Merchant(_tenant);

    private IPaymentProcessor Processor => _services.GetRequiredService<IPaymentProcessor>();

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async Task InitializeAsync() =>
        _tenant = new((await _services.GetRequiredService<MerchantCreation>().CreateAsync("Merchant", 0, 0, CancellationToken.None)).Merchant.Id, Mode.Live);

    public async Task DisposeAsync() => await _services.DisposeAsync();

    [Fact]
    public async Task A_wallet_is_funded_when_Stripe_reports_that_the_cardholder_has_authenticated()
    {
        var waiting = await FundAsync("pm_card_authenticationRequired");
        waiting.ActionUrl.ShouldNotBeNull();
        Objects.Authenticate(waiting.ActionUrl, true);
        (await BalanceAsync()).ShouldBe(0);

        var body = StripeEvents.Of("payment_intent.succeeded", Intent(waiting));
        for (var i = 0; i < 3; i++) (await SendAsync(body)).ShouldBe((200, """{"received":true}"""));
        await DeliverAsync(times: 3);
        (await BalanceAsync()).ShouldBe(25);
    }

    [Theory]
    [InlineData("payment_intent.requires_action")]
    [InlineData("payment_intent.payment_failed")]
    [InlineData("payment_intent.canceled")]
    public async Task An_event_that_comes_late_or_too_soon_tells_nothing_wrong(string type)
    {
        var waiting = await FundAsync("pm_card_authenticationRequired");
        var before = Intent(waiting);
        (await SendAsync(StripeEvents.Of(type, before))).Status.ShouldBe(200);
        await DeliverAsync();
        (await BalanceAsync()).ShouldBe(0);
        (await Processor.FindAsync(waiting.Id, default))!.Status.ShouldBe(PaymentStatus.RequiresAction);

        Objects.Authenticate(waiting.ActionUrl!, true);
        (await SendAsync(StripeEvents.Of(type, before))).Status.ShouldBe(200);
        await DeliverAsync();
        (await BalanceAsync()).ShouldBe(25);
    }

    [Fact]
    public async Task What_the_operator_gives_back_in_the_dashboard_leaves_the_wallet()
    {
        var paid = await FundAsync("pm_card_visa");
        (await BalanceAsync()).ShouldBe(25);
        foreach (var (cents, left) in new[] { (1_000L, 15m), (1_500L, 0m) })
        {
            Objects.GiveBack((string)Intent(paid)["id"]!, cents);
            var charge = Objects[(string)Intent(paid)["latest_charge"]!];
            var body = StripeEvents.Of("charge.refunded", charge);
            for (var i = 0; i < 2; i++) (await SendAsync(body)).Status.ShouldBe(200);
            await DeliverAsync(times: 2);
            (await BalanceAsync()).ShouldBe(left);
        }
    }

    [Theory]
    [InlineData("won", 25)]
    [InlineData("lost", 0)]
    public async Task A_dispute_takes_the_money_out_of_the_wallet_until_it_is_decided(string end, decimal left)
    {
        var paid = await FundAsync("pm_card_visa");
        var intent = (string)Intent(paid)["id"]!;
        foreach (var (type, status, balance) in new[] { ("created", "warning_needs_response", 25m), ("funds_withdrawn", "needs_response", 0m), ("closed", end, left) })
        {
            var body = StripeEvents.Of("charge.dispute." + type, Objects.Dispute(intent, status));
            for (var i = 0; i < 2; i++) (await SendAsync(body)).Status.ShouldBe(200);
            await DeliverAsync(times: 2);
            (await BalanceAsync()).ShouldBe(balance);
        }
    }

    [Fact]
    public async Task A_card_removed_at_Stripe_is_the_default_no_more()
    {
        await FundAsync("pm_card_visa");
        var card = (await Processor.ListMethodsAsync(Owner, default)).Single();
        var former = (string)Objects[card.Id]["customer"]!;
        Objects.Do($"POST /v1/payment_methods/{card.Id}/detach", new Dictionary<string, string>());
        (await SendAsync(StripeEvents.Of("payment_method.detached", Objects[card.Id], new JsonObject { ["customer"] = former }))).Status.ShouldBe(200);
        (await _world.Tables.GetAsync(TableNames.Payments, Owner, "default", default)).ShouldBeNull();
        (await _world.Tables.GetAsync(TableNames.Payments, Owner, "mark|" + card.Id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_card_given_on_Stripes_page_is_the_default_though_the_cardholder_never_came_back()
    {
        var setup = await Processor.CreateSetupAsync(Owner, new Uri("https://shop.example"), default);
        Objects.GiveCard(setup.Id, "pm_card_visa");
        (await Processor.ListMethodsAsync(Owner, default)).Single().IsDefault.ShouldBeFalse();
        (await SendAsync(StripeEvents.Of("checkout.session.completed", Objects[setup.Id]))).Status.ShouldBe(200);
        (await Processor.ListMethodsAsync(Owner, default)).Single().IsDefault.ShouldBeTrue();
    }

    [Fact]
    public async Task A_card_given_in_Stripes_form_is_the_default_though_the_page_was_closed()
    {
        var setup = await _world.Open().CreateFormAsync(Owner, default);
        Objects.DoForBrowser($"POST /v1/setup_intents/{setup.Id}/confirm", new() { ["client_secret"] = setup.Form!.ClientSecret, ["payment_method"] = "pm_card_visa" }).Status.ShouldBe(200);
        (await Processor.ListMethodsAsync(Owner, default)).Single().IsDefault.ShouldBeFalse();
        (await SendAsync(StripeEvents.Of("setup_intent.succeeded", Objects[setup.Id]))).Status.ShouldBe(200);
        (await Processor.ListMethodsAsync(Owner, default)).Single().IsDefault.ShouldBeTrue();
    }

    [Theory]
    [InlineData("customer.created", "customer")]
    [InlineData("something.new", "something")]
    [InlineData("payment_intent.succeeded", "payment_intent")]
    [InlineData("payment_intent.succeeded", "something")]
    [InlineData("charge.refunded", "charge")]
    [InlineData("charge.dispute.created", "dispute")]
    [InlineData("payment_method.detached", "payment_method")]
    [InlineData("checkout.session.completed", "checkout.session")]
    [InlineData("setup_intent.succeeded", "setup_intent")]
    public async Task An_event_that_is_unknown_or_of_somebody_elses_object_is_taken_and_forgotten(string type, string kind)
    {
        var stranger = new JsonObject { ["id"] = "x_1", ["object"] = kind, ["amount"] = 1, ["payment_intent"] = "pi_unknown", ["mode"] = "setup", ["metadata"] = new JsonObject { ["lava_payment"] = "pay_live_01ARZ3NDEKTSV4RRFFQ69G5FAV" } };
        (await SendAsync(StripeEvents.Of(type, stranger, new JsonObject { ["customer"] = "cus_unknown" }))).Status.ShouldBe(200);
        (await _services.GetRequiredService<IMessageQueue>().ReceiveAsync(PaymentEvents.QueueName, 1, TimeSpan.Zero, default)).ShouldBeNull();
    }

    [Theory]
    [InlineData("2019-03-14")]
    [InlineData("2027-01-01.later")]
    public async Task Another_version_of_Stripes_API_is_taken_all_the_same(string version)
    {
        var waiting = await FundAsync("pm_card_authenticationRequired");
        Objects.Authenticate(waiting.ActionUrl!, true);
        (await SendAsync(StripeEvents.Of("payment_intent.succeeded", Intent(waiting), apiVersion: version))).Status.ShouldBe(200);
        await DeliverAsync();
        (await BalanceAsync()).ShouldBe(25);
    }

    [Fact]
    public async Task A_report_that_is_not_signed_by_Stripe_within_five_minutes_is_refused_and_changes_nothing()
    {
        var waiting = await FundAsync("pm_card_authenticationRequired");
        Objects.Authenticate(waiting.ActionUrl!, true);
        var body = StripeEvents.Of("payment_intent.succeeded", Intent(waiting));
        var good = StripeEvents.Sign(body, Now, StripeWorld.WebhookSecret);
        foreach (var signature in new[]
        {
            null, "", "nonsense", "t=,v1=", "t=x,v1=abc", "v1=" + good.Split("v1=")[1], good.Replace("v1=", "v2=", StringComparison.Ordinal), StripeEvents.Sign(body, Now, "whsec_other"),
            StripeEvents.Sign(body, Now.AddSeconds(-310), StripeWorld.WebhookSecret), StripeEvents.Sign(body, Now.AddSeconds(310), StripeWorld.WebhookSecret), StripeEvents.Sign(body + " ", Now, StripeWorld.WebhookSecret),
            "t=99999999999999999999,v1=abc",
        })
        {
            var (status, answer) = await SendAsync(body, signature);
            status.ShouldBe(400, signature);
            answer.ShouldContain("signature_invalid");
        }

        foreach (var bytes in new[] { "", "{", "[]", "null", "1" })
            (await SendAsync(bytes, StripeEvents.Sign(bytes, Now, StripeWorld.WebhookSecret))).Status.ShouldBe(400, bytes);
        (await SendAsync(new string('x', 513 * 1024), good)).Status.ShouldBe(413);
        await DeliverAsync();
        (await BalanceAsync()).ShouldBe(0);
        (await SendAsync(body, good)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Without_its_secret_in_the_vault_Stripe_is_told_to_come_again()
    {
        await _world.Vault.DeleteAsync("stripe-webhook-secret", default);
        try
        {
            (await SendAsync(StripeEvents.Of("customer.created", new JsonObject { ["object"] = "customer" }))).Status.ShouldBe(503);
        }
        finally
        {
            await _world.Vault.SetAsync("stripe-webhook-secret", StripeWorld.WebhookSecret, default);
        }
    }

    [Fact]
    public async Task Without_its_setting_live_payments_are_refused_and_there_is_no_webhook()
    {
        await using var services = Services(_world, []);
        services.GetRequiredService<ProcessorByMode>().Serves(Mode.Live).ShouldBeFalse();
        (await SendAsync("{}", "t=1,v1=x", services)).Status.ShouldBe(404);
        _services.GetRequiredService<ProcessorByMode>().Serves(Mode.Live).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Stripe:PublicUrl", "nonsense")]
    [InlineData("Stripe:ApiBase", "ftp://example.com")]
    public void A_setting_that_is_wrong_keeps_the_app_from_starting(string name, string value) =>
        Should.Throw<InvalidOperationException>(() => Services(_world, [new("Stripe:ApiKeySecret", "stripe-api-key"), new("WEBSITE_HOSTNAME", "lava.example"), new(name, value)]));

    [Fact]
    public void Without_an_address_of_its_own_it_does_not_start() => Should.Throw<InvalidOperationException>(() => Services(_world, [new("Stripe:ApiKeySecret", "stripe-api-key")]));

    private static ServiceProvider Services(StripeWorld world, KeyValuePair<string, string?>[] settings) => world.Head(settings);

    private async Task<Payment> FundAsync(string token)
    {
        var card = (await Processor.AddMethodAsync(Owner, token, default)).Method!;
        var (payment, error) = await _services.GetRequiredService<WalletFunding>().FundAsync(_tenant, card.Id, 25, null, default);
        error.ShouldBeNull();
        return payment!;
    }

    private JsonObject Intent(Payment payment) => Objects.All("payment_intent").Single(intent => (string?)intent["metadata"]!["lava_payment"] == payment.Id);

    private async Task<decimal> BalanceAsync() => await _services.GetRequiredService<Funds>().WalletBalanceAsync(_tenant, default);

    private Task<(int Status, string Body)> SendAsync(string body) => SendAsync(body, StripeEvents.Sign(body, Now, StripeWorld.WebhookSecret));

    private async Task<(int Status, string Body)> SendAsync(string body, string? signature, ServiceProvider? services = null)
    {
        var http = new DefaultHttpContext { RequestServices = services ?? _services };
        http.Request.Method = "POST";
        http.Request.Path = "/stripe/webhook";
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        http.Request.ContentType = "application/json";
        if (signature is not null) http.Request.Headers["Stripe-Signature"] = signature;
        var answer = new MemoryStream();
        http.Response.Body = answer;
        await ActivatorUtilities.CreateInstance<StripeFunctions>(http.RequestServices).RunAsync(http.Request);
        return (http.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()));
    }

    /// <summary>Delivers what is due in the queue of payments' ends.</summary>
    private async Task DeliverAsync(int times = 1)
    {
        var handler = _services.GetServices<IMessageHandler>().Single(handler => handler.Queue == PaymentEvents.QueueName);
        while (await _services.GetRequiredService<IMessageQueue>().ReceiveAsync(handler.Queue, handler.MaxMessages, TimeSpan.Zero, default) is { } batch)
        {
            await using (batch)
            {
                for (var i = 0; i < times; i++) await handler.HandleAsync(batch.Session, batch.Messages, default);
                await batch.CompleteAsync(batch.Messages, default);
            }
        }
    }
}
