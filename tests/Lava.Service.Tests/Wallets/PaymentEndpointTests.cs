using System.Globalization;
using Lava.Local;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Wallets;

public sealed class PaymentEndpointTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task Funding_takes_the_card_and_answers_with_the_new_balance()
    {
        var key = await host.NewKeyAsync();
        var answer = await host.FundAsync(key, await host.NewCardAsync(key), "25.50");
        answer.Status.ShouldBe(200);
        answer.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["status", "payment_id", "balance"]);
        (answer["status"], answer["balance"]).ShouldBe(("completed", "125.50"));
        answer["payment_id"]!.ShouldStartWith("pay_test_");
        (await host.BalanceAsync(key)).ShouldBe("125.50");
    }

    [Theory]
    [InlineData("10")]
    [InlineData("10000")]
    [InlineData("10000.00")]
    public async Task The_bounds_are_within(string amount)
    {
        var key = await host.NewKeyAsync();
        (await host.FundAsync(key, await host.NewCardAsync(key), amount)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("\"9.99\"")]
    [InlineData("\"10000.01\"")]
    [InlineData("\"10.001\"")]
    [InlineData("\"-25\"")]
    [InlineData("\"0\"")]
    [InlineData("\"\"")]
    [InlineData("\"ten\"")]
    [InlineData("\"1e2\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[25]")]
    [InlineData("1e300")]
    public async Task An_amount_out_of_bounds_is_refused_and_takes_nothing(string amount)
    {
        var key = await host.NewKeyAsync();
        var card = await host.NewCardAsync(key);
        var answer = await host.PostAsync(key, "/v1/wallet/fund", $$"""{"payment_method_id":"{{card}}","amount":{{amount}}}""");
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
        answer.Issues.ShouldBe(["amount"]);
        (await host.BalanceAsync(key)).ShouldBe("100.00");
    }

    [Theory]
    [InlineData("pm_test_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("pm_card_visa")]
    [InlineData("a/b?c#d")]
    public async Task An_unknown_card_is_not_found(string card)
    {
        var key = await host.NewKeyAsync();
        var answer = await host.FundAsync(key, card);
        (answer.Status, answer.Code).ShouldBe((404, "payment_method_not_found"));
        (await host.BalanceAsync(key)).ShouldBe("100.00");
    }

    [Fact]
    public async Task Anothers_card_or_a_customers_is_not_found()
    {
        var (key, other) = (await host.NewKeyAsync(), await host.NewKeyAsync());
        var customer = await host.NewCustomerAsync(key);
        var customers = await host.PostAsync(key, "/v1/test_helpers/payment_methods", $$"""{"token":"pm_card_visa","customer_id":"{{customer}}"}""");
        (await host.FundAsync(key, await host.NewCardAsync(other))).Code.ShouldBe("payment_method_not_found");
        (await host.FundAsync(key, customers["payment_method_id"]!)).Code.ShouldBe("payment_method_not_found");
    }

    [Fact]
    public async Task A_decline_is_told_with_its_reason_and_marks_the_card()
    {
        var key = await host.NewKeyAsync();
        var answer = await host.FundAsync(key, await host.NewCardAsync(key, "pm_card_chargeDeclinedInsufficientFunds"));
        (answer.Status, answer.Code).ShouldBe((402, "payment_declined"));
        answer["error.message"]!.ShouldContain("insufficient");
        (await host.BalanceAsync(key)).ShouldBe("100.00");
        var list = await host.GetAsync(key, "/v1/payment_methods");
        (list["data.0.has_error"], list["data.0.error_code"], list["data.0.error_at"]).ShouldBe(("true", "insufficient_funds", host.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)));
        list["data.0.error_message"].ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Cards_are_listed_as_documented_with_nothing_else()
    {
        var key = await host.NewKeyAsync();
        var card = await host.NewCardAsync(key);
        var list = await host.GetAsync(key, "/v1/payment_methods");
        list.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["data"]);
        list.Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        list.Body.GetProperty("data")[0].GetRawText().ShouldBe(
            $$"""{"payment_method_id":"{{card}}","last4":"4242","expiry_month":"12","expiry_year":"2030","brand":"visa","is_default":true,"has_error":false,"error_code":null,"error_message":null,"error_at":null}""");
    }

    [Fact]
    public async Task A_repeat_with_its_key_takes_the_card_once_also_when_its_answer_is_no_longer_kept()
    {
        var key = await host.NewKeyAsync();
        var card = await host.NewCardAsync(key);
        var first = await host.FundAsync(key, card, "25", ("Idempotency-Key", "k"));
        (await host.FundAsync(key, card, "25", ("Idempotency-Key", "k"))).Body.GetRawText().ShouldBe(first.Body.GetRawText());
        host.Clock.Advance(TimeSpan.FromHours(25));
        (await host.FundAsync(key, card, "25", ("Idempotency-Key", "k")))["payment_id"].ShouldBe(first["payment_id"]);
        (await host.BalanceAsync(key)).ShouldBe("125.00");

        // Without a key each is a payment of its own.
        await host.FundAsync(key, card, "25");
        (await host.BalanceAsync(key)).ShouldBe("150.00");
    }

    [Fact]
    public async Task A_key_whose_card_was_declined_can_be_used_with_a_better_one()
    {
        var key = await host.NewKeyAsync();
        (await host.FundAsync(key, await host.NewCardAsync(key, "pm_card_chargeDeclined"), "25", ("Idempotency-Key", "k"))).Status.ShouldBe(402);
        (await host.FundAsync(key, await host.NewCardAsync(key), "25", ("Idempotency-Key", "k"))).Status.ShouldBe(200);
        (await host.BalanceAsync(key)).ShouldBe("125.00");
    }

    [Fact]
    public async Task When_it_is_not_known_what_became_of_a_payment_it_says_so_and_the_key_finds_out()
    {
        var key = await host.NewKeyAsync();
        var card = await host.NewCardAsync(key);
        host.Tables.AfterCommit = table => table == TableNames.Payments ? throw new TableStoreException("Gone.") : Task.CompletedTask;
        Answer answer;
        try
        {
            answer = await host.FundAsync(key, card, "25", ("Idempotency-Key", "k"));
        }
        finally
        {
            host.Tables.AfterCommit = null;
        }

        (answer.Status, answer.Code).ShouldBe((503, "payment_outcome_unknown"));
        (await host.FundAsync(key, card, "25", ("Idempotency-Key", "k"))).Status.ShouldBe(200);
        (await host.BalanceAsync(key)).ShouldBe("125.00");
    }

    [Fact]
    public async Task In_live_mode_without_a_processor_there_are_no_cards_and_funding_says_why()
    {
        var merchant = await host.NewMerchantAsync();
        (await host.GetAsync(merchant.LiveKey, "/v1/payment_methods")).Body.GetRawText().ShouldBe("""{"data":[]}""");
        var answer = await host.FundAsync(merchant.LiveKey, await host.NewCardAsync(merchant.TestKey));
        (answer.Status, answer.Code).ShouldBe((503, "payments_not_configured"));
        var helper = await host.PostAsync(merchant.LiveKey, "/v1/test_helpers/payment_methods", """{"token":"pm_card_visa"}""");
        (helper.Status, helper.Code).ShouldBe((400, "test_mode_only"));
    }

    [Fact]
    public async Task A_test_card_is_the_default_where_it_is_the_first_or_asked_to_be()
    {
        var key = await host.NewKeyAsync();
        var first = await host.PostAsync(key, "/v1/test_helpers/payment_methods", """{"token":"4242424242424242"}""");
        var second = await host.PostAsync(key, "/v1/test_helpers/payment_methods", """{"token":"pm_card_mastercard","default":false}""");
        var third = await host.PostAsync(key, "/v1/test_helpers/payment_methods", """{"token":"pm_card_amex","default":true}""");
        (first.Status, second.Status, third.Status).ShouldBe((201, 201, 201));
        (first["is_default"], second["is_default"], third["is_default"]).ShouldBe(("true", "false", "true"));
        (await host.GetAsync(key, "/v1/payment_methods")).Body.GetProperty("data").EnumerateArray().Where(card => card.GetProperty("is_default").GetBoolean())
            .Select(card => card.GetProperty("payment_method_id").GetString()).ShouldBe([third["payment_method_id"]]);
    }

    [Fact]
    public async Task A_customers_test_card_is_given_by_id_or_reference_and_is_not_the_merchants()
    {
        var key = await host.NewKeyAsync();
        var customer = await host.NewCustomerAsync(key, """{"reference_id":"ada"}""");
        (await host.PostAsync(key, "/v1/test_helpers/payment_methods", $$"""{"token":"pm_card_visa","customer_id":"{{customer}}"}"""))["is_default"].ShouldBe("true");
        (await host.PostAsync(key, "/v1/test_helpers/payment_methods", """{"token":"pm_card_visa","customer_id":"ada"}"""))["is_default"].ShouldBe("false");
        (await host.GetAsync(key, "/v1/payment_methods")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        var strangers = await host.PostAsync(await host.NewKeyAsync(), "/v1/test_helpers/payment_methods", $$"""{"token":"pm_card_visa","customer_id":"{{customer}}"}""");
        (strangers.Status, strangers.Code).ShouldBe((404, "customer_not_found"));
    }

    [Theory]
    [InlineData("""{}""", "token")]
    [InlineData("""{"token":"4242"}""", "token")]
    [InlineData("""{"token":7}""", "token")]
    [InlineData("""{"token":"pm_card_visa","default":"yes"}""", "default")]
    [InlineData("""{"token":"pm_card_visa","customer_id":7}""", "customer_id")]
    public async Task A_test_card_that_cannot_be_is_refused(string body, string issue)
    {
        var key = await host.NewKeyAsync();
        var answer = await host.PostAsync(key, "/v1/test_helpers/payment_methods", body);
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
        answer.Issues.ShouldBe([issue]);
        (await host.GetAsync(key, "/v1/payment_methods")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_first_merchant_has_a_card_that_pays_one_that_declines_and_one_that_authenticates()
    {
        var fresh = new ManagementHost();
        await fresh.InitializeAsync();
        try
        {
            var first = (await LocalServer.FirstStartAsync(fresh.Services, CancellationToken.None))!;
            var cards = (await fresh.GetAsync(first.TestKey, "/v1/payment_methods")).Body.GetProperty("data").EnumerateArray().ToList();
            var standard = cards.Single(card => card.GetProperty("is_default").GetBoolean());
            standard.GetProperty("last4").GetString().ShouldBe("4242");
            var outcomes = new List<string>();
            foreach (var card in cards)
            {
                var answer = await fresh.FundAsync(first.TestKey, card.GetProperty("payment_method_id").GetString()!);
                outcomes.Add(answer.Status == 200 ? answer["status"]! : answer.Code);
            }

            outcomes.ShouldBe(["completed", "payment_declined", "requires_action"], ignoreOrder: true);
        }
        finally
        {
            await fresh.DisposeAsync();
        }
    }
}
