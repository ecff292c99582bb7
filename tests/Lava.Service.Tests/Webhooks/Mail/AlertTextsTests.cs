using System.Text;
using Lava.Core.Keys;
using Lava.Service.Webhooks;
using Lava.Service.Webhooks.Mail;

namespace Lava.Service.Tests.Webhooks.Mail;

public sealed class AlertTextsTests
{
    private const string Customer = """
        {"customer_id":"con_1","reference_id":"user-1","subscription":{"plan":{"name":"Pro"},"credits":{"total_remaining":"2.50"}},
         "details":{"percent":"80","of":"10.00","amount":"12.00","amount_due":"9.00","owed":"1.50","cycles":"3","charged_cost":"5","cost":"6","payment_id":"pay_1","reason":"fraudulent"}}
        """;

    private const string Wallet = """{"wallet_id":"wal_1","balance":"-0.5","details":{"percent":"100","of":"100.00","amount":"50.00","daily_cap":"200.00","decline_code":"card_declined","payment_id":"pay_1"}}""";
    private const string SpendKey = """{"spend_key_id":"key_1","name":"Agent","limit":"spend","percent":80,"used":"8.00","of":"10.00"}""";

    public static TheoryData<string> Names => [.. AlertTexts.Events];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_event_has_a_short_text_with_its_mode_and_nothing_left_open(string name)
    {
        var data = name == EventNames.SpendKeyAlert ? SpendKey : name.StartsWith("wallet.", StringComparison.Ordinal) ? Wallet : Customer;
        foreach (var mode in new[] { Mode.Live, Mode.Test })
        {
            var (subject, body) = AlertTexts.Write(new Tenant("mer_1", mode), name, Encoding.UTF8.GetBytes(data));
            subject.ShouldStartWith(mode == Mode.Live ? "Lava: " : "[Test] Lava: ");
            subject.Length.ShouldBeLessThan(90);
            body.Length.ShouldBeLessThan(900);
            body.ShouldContain($"Merchant mer_1, {(mode == Mode.Live ? "live" : "test")} mode. Event: {name}");

            // An empty place would leave one of these.
            foreach (var open in new[] { "$ ", "$.", "  ", " .", "\"\"", " %", ": 0 credits" }) body.ShouldNotContain(open);
        }
    }

    [Theory]
    [InlineData(EventNames.WalletAlert, Wallet, "Lava: 100% of your wallet balance is used", "Balance: -$0.5 of $100.00")]
    [InlineData(EventNames.SpendKeyAlert, SpendKey, "Lava: 80% of the limit of spend key \"Agent\" is used", "has used $8.00 of its limit of $10.00")]
    [InlineData(EventNames.CreditsAlert, Customer, "Lava: 80% of the credits of customer user-1 are used", "Balance: 2.50 credits")]
    [InlineData(EventNames.SubscriptionPastDue, Customer, "Lava: The subscription of customer user-1 is past due", "Customer user-1 owes $9.00")]
    public void The_texts_say_what_is_left(string name, string data, string subject, string line)
    {
        var text = AlertTexts.Write(new Tenant("mer_1", Mode.Live), name, Encoding.UTF8.GetBytes(data));
        text.Subject.ShouldBe(subject);
        text.Body.ShouldContain(line);
    }

    [Fact]
    public void A_long_name_is_cut_and_no_character_is_cut_in_half()
    {
        var name = new string('a', 79) + "😀 and more";
        var text = AlertTexts.Write(new Tenant("mer_1", Mode.Live), EventNames.PaymentFailed, Encoding.UTF8.GetBytes($$"""{"reference_id":"{{name}}"}"""));
        text.Subject.ShouldBe($"Lava: A payment of customer {new string('a', 79)}… failed");
    }
}
