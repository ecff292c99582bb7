using System.Globalization;
using System.Text.Json;
using System.Text;
using Lava.Core.Ids;
using Lava.Core.Keys;

namespace Lava.Service.Webhooks.Mail;

/// <summary>The texts of mails, made of what a webhook is told of the same event.</summary>
internal static class AlertTexts
{
    /// <summary>Most characters of a name that somebody else has given.</summary>
    private const int MaxName = 80;

    /// <summary>The events that are mailed unless the merchant says otherwise.</summary>
    public static readonly IReadOnlyList<string> Defaults =
    [
        EventNames.WalletAlert, EventNames.SpendKeyAlert, EventNames.CreditsAlert, EventNames.ReloadFailed, EventNames.ReloadCapped,
        EventNames.TopUpCapped, EventNames.PaymentFailed, EventNames.SubscriptionPastDue, EventNames.DisputeCreated,
    ];

    /// <summary>The events that can be mailed.</summary>
    public static readonly IReadOnlyList<string> Events =
    [
        .. Defaults, EventNames.Reloaded, EventNames.TopUpSucceeded, EventNames.BalanceLow, EventNames.CyclesSkipped, EventNames.PriceChanged,
        EventNames.DisputeWon, EventNames.DisputeLost,
    ];

    /// <summary>The mail of an event.</summary>
    /// <param name="tenant">The merchant and the mode.</param>
    /// <param name="eventName">One of <see cref="Events"/>.</param>
    /// <param name="data">The event's data, as webhooks get them: a UTF-8 JSON object.</param>
    public static AlertText Write(Tenant tenant, string eventName, ReadOnlyMemory<byte> data)
    {
        using var document = JsonDocument.Parse(data);
        var (subject, lines) = Write(eventName, new Facts(document.RootElement));
        var mode = tenant.Mode.Word();
        var body = new StringBuilder();
        foreach (var line in lines.Where(line => line.Length > 0)) body.Append(line).Append("\n\n");
        body.Append("-- \n").Append(CultureInfo.InvariantCulture, $"Merchant {tenant.MerchantId}, {mode} mode. Event: {eventName}\n");
        body.Append("Your address is on this merchant's list of alerts. Change the list with PUT /v1/alerts/email.\n");
        return new AlertText($"{(tenant.Mode == Mode.Live ? "" : "[Test] ")}Lava: {subject}", body.ToString());
    }

    private static (string Subject, string[] Lines) Write(string eventName, Facts facts)
    {
        var who = facts.Who;
        return eventName switch
        {
            EventNames.WalletAlert => (
                $"{facts.Percent}% of your wallet balance is used",
                [
                    $"{facts.Percent}% of your wallet is used, counted from its balance after the last payment.",
                    $"Balance: {Dollars(facts.Text("balance"))} of {Dollars(facts.Detail("of"))}",
                    "When the wallet is empty, calls are refused. Add funds with POST /v1/wallet/fund, "
                    + "or set up auto-reload with PUT /v1/wallet/auto_reload.",
                ]),
            EventNames.SpendKeyAlert => (
                $"{facts.Percent}% of the limit of spend key \"{facts.Text("name")}\" is used",
                [
                    facts.Text("limit") == "spend"
                        ? $"Spend key \"{facts.Text("name")}\" has used {Dollars(facts.Text("used"))} of its limit of {Dollars(facts.Text("of"))}."
                        : $"Spend key \"{facts.Text("name")}\" has used {facts.Text("used")} of its limit of {facts.Text("of")} calls.",
                    "At the limit, calls with this key are refused until its cycle ends.",
                    $"Raise or remove the limit with PUT /v1/spend_keys/{facts.Text("spend_key_id")}.",
                ]),
            EventNames.CreditsAlert => (
                $"{facts.Percent}% of the credits of customer {who} are used",
                [
                    $"Customer {who} has used {facts.Percent}% of the {facts.Detail("of")} credits that {facts.Plan} includes in a cycle.",
                    $"Balance: {facts.Credits} credits",
                    "At zero the customer's calls are refused, unless auto top-up buys a bundle. The customer can buy a bundle or change the plan.",
                ]),
            EventNames.BalanceLow => (
                $"Customer {who} has few credits left",
                [
                    $"Customer {who} has at most a tenth of the credits that {facts.Plan} includes.",
                    $"Balance: {facts.Credits} credits",
                    "At zero the customer's calls are refused, unless auto top-up buys a bundle.",
                ]),
            EventNames.Reloaded => (
                "Your wallet was reloaded",
                [
                    $"Auto-reload charged your card {Dollars(facts.Detail("amount"))}.",
                    $"Balance: {Dollars(facts.Text("balance"))}",
                    $"Payment: {facts.Detail("payment_id")}",
                ]),
            EventNames.ReloadFailed => (
                "Your wallet could not be reloaded",
                [
                    $"Auto-reload could not charge your card {Dollars(facts.Detail("amount"))}.",
                    facts.Detail("decline_code") is { Length: > 0 } code ? $"The bank's reason: {code}." : "",
                    $"Balance: {Dollars(facts.Text("balance"))}",
                    "We will try again after 1, 6, 24 and 72 hours. Check the card, add another card, or add funds with POST /v1/wallet/fund.",
                ]),
            EventNames.ReloadCapped => (
                "Your wallet has reached its daily cap",
                [
                    $"Auto-reload has reached its cap of {Dollars(facts.Detail("daily_cap"))} a day, and the balance is below the threshold.",
                    $"Balance: {Dollars(facts.Text("balance"))}",
                    "It continues tomorrow (UTC). Raise the cap with PUT /v1/wallet/auto_reload, or add funds with POST /v1/wallet/fund.",
                ]),
            EventNames.TopUpSucceeded => (
                $"Auto top-up bought credits for customer {who}",
                [$"The credits of customer {who} were used up, and auto top-up bought more.", $"Balance: {facts.Credits} credits"]),
            EventNames.TopUpCapped => (
                $"Auto top-up has reached its limit for customer {who}",
                [
                    $"Auto top-up for customer {who} has reached its limit for the day or the cycle. The customer owes {facts.Detail("owed")} credits.",
                    $"Balance: {facts.Credits} credits",
                    "At zero the customer's calls are refused. Raise the subscription's limit, or ask the customer to buy a bundle.",
                ]),
            EventNames.PaymentFailed => (
                $"A payment of customer {who} failed",
                [$"The card of customer {who} could not be charged.", "Ask the customer to add another card or to pay in the checkout."]),
            EventNames.SubscriptionPastDue => (
                $"The subscription of customer {who} is past due",
                [
                    $"The renewal of {facts.Plan} could not be paid. Customer {who} owes {Dollars(facts.Detail("amount_due"))}.",
                    "We will charge the card again. Until then the customer's calls are refused. "
                    + "The customer can pay at once with another card in the checkout.",
                ]),
            EventNames.CyclesSkipped => (
                $"{facts.Detail("cycles")} cycles of customer {who} were not charged",
                [
                    $"{facts.Detail("cycles")} cycles of customer {who} passed while the server was off. "
                    + $"They were not charged: {Dollars(facts.Detail("amount"))} in total.",
                    "To charge such cycles in future, set Lava__Billing__ChargeMissedCycles.",
                ]),
            EventNames.PriceChanged => (
                $"A bundle of customer {who} became more expensive",
                [
                    $"Auto top-up of customer {who} still pays {Dollars(facts.Detail("charged_cost"))} "
                    + $"for a bundle that now costs {Dollars(facts.Detail("cost"))}, as agreed.",
                    "To accept the new price, the customer sets auto top-up again.",
                ]),
            EventNames.DisputeCreated => (
                $"Customer {who} disputes a payment",
                [
                    $"Customer {who} disputes a payment of {Dollars(facts.Detail("amount"))}. Reason: {facts.Detail("reason")}.",
                    $"Payment: {facts.Detail("payment_id")}",
                    "The bank holds the money until it decides. Answer the dispute at your payment processor in time.",
                ]),
            EventNames.DisputeWon => (
                $"A dispute with customer {who} is won",
                [$"The bank decided for you: {Dollars(facts.Detail("amount"))} is returned to you.", $"Payment: {facts.Detail("payment_id")}"]),
            EventNames.DisputeLost => (
                $"A dispute with customer {who} is lost",
                [$"The bank decided for customer {who}: {Dollars(facts.Detail("amount"))} stays with the customer.", $"Payment: {facts.Detail("payment_id")}"]),
            _ => throw new ArgumentOutOfRangeException(nameof(eventName), eventName, "No mail is written for this event."),
        };
    }

    private static string Dollars(string amount) => amount.StartsWith('-') ? $"-${amount[1..]}" : $"${amount}";

    /// <summary>Reads an event's data; what is not there is an empty text.</summary>
    private readonly struct Facts(JsonElement data)
    {
        /// <summary>The customer, by the name that the merchant knows.</summary>
        public string Who => Text("reference_id") is { Length: > 0 } reference ? reference : Text("customer_id");

        public string Plan => Find(data, "subscription", "plan", "name") is { Length: > 0 } name ? $"the plan \"{name}\"" : "the plan";

        public string Credits => Find(data, "subscription", "credits", "total_remaining") is { Length: > 0 } left ? left : "0";

        /// <summary>How much is used; a number in one event's data and a text in the others'.</summary>
        public string Percent => Text("percent") is { Length: > 0 } percent ? percent : Detail("percent");

        public string Text(string name) => Find(data, name);

        public string Detail(string name) => Find(data, "details", name);

        private static string Find(JsonElement element, params ReadOnlySpan<string> path)
        {
            foreach (var name in path)
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return "";
            return element.ValueKind switch { JsonValueKind.String => Plain(element.GetString()!), JsonValueKind.Number => element.GetRawText(), _ => "" };
        }

        // On one line and short, so that no name looks like more of the mail.
        private static string Plain(string text)
        {
            var plain = string.Concat(text.Select(character => char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character));
            if (plain.Length <= MaxName) return plain;
            return plain[..(char.IsHighSurrogate(plain[MaxName - 1]) ? MaxName - 1 : MaxName)] + "…";
        }
    }
}
