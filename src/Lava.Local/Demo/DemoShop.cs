using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lava.Local.Demo;

/// <summary>What the demo's merchant sells, and to whom.</summary>
internal sealed class DemoShop(DemoClient client)
{
    // Name, mail, plan, the day on which they come, and how much they use it.
    private static readonly (string Name, string Mail, string? Plan, int Day, int Weight)[] People =
    [
        ("Nora Lindqvist", "nora@northwind.example", "Team", 0, 16), ("Samuel Okafor", "samuel@harbourlaw.example", "Team", 1, 14),
        ("Aiko Tanaka", "aiko@tanaka-design.example", "Starter", 2, 6), ("Diego Morales", "diego@moralesfoods.example", "Starter", 3, 6),
        ("Priya Raman", "priya@ramanclinic.example", "Team", 4, 12), ("Tom Beckett", "tom@becketthomes.example", "Starter", 6, 4),
        ("Elif Kaya", "elif@kayatravel.example", "Starter", 8, 7), ("Marta Kowalska", "marta@kowalska.example", null, 9, 2),
        ("Jonas Weber", "jonas@weberbau.example", "Starter", 11, 5), ("Chloe Martin", "chloe@atelier-martin.example", "Starter", 14, 5),
        ("Lucas Ferreira", "lucas@ferreira.example", null, 17, 2), ("Hannah Schmid", "hannah@schmid-optik.example", "Team", 20, 13),
        ("Omar Haddad", "omar@haddadlogistics.example", "Starter", 23, 6), ("Grace Kim", "grace@kimtutoring.example", "Starter", 26, 5),
        ("Ivan Petrov", "ivan@petrov.example", null, 30, 1), ("Amelia Clarke", "amelia@clarkepress.example", "Team", 33, 15),
        ("Mateo Rossi", "mateo@rossi-vini.example", "Starter", 37, 5), ("Fatima Zahra", "fatima@zahra.example", null, 41, 2),
        ("Oliver Grant", "oliver@grantmotors.example", "Starter", 45, 6), ("Yuki Sato", "yuki@satobooks.example", "Starter", 50, 5),
    ];

    private readonly Dictionary<string, JsonElement> _plans = [];
    private readonly Dictionary<string, string> _customers = [];
    private readonly List<(string Id, int Weight)> _payers = [];

    /// <summary>Values of the spend keys.</summary>
    public List<string> SpendKeys { get; } = [];

    /// <summary>Makes meters, plans and keys, and has the wallet fill itself.</summary>
    public async Task OpenAsync()
    {
        await AddMeterAsync("Assistant", "assistant", "tokens_1m", ("0", "14"), ("1000000", "12"));
        await AddMeterAsync("Search", "search", "requests", ("0", "0.012"));
        await AddMeterAsync("Voice", "voice", "minutes", ("0", "0.06"), ("1000", "0.045"));
        await AddPlanAsync("Starter", "9", "8", ("Small top-up", "5", "5"), ("Large top-up", "20", "22"));
        await AddPlanAsync("Team", "29", "30", ("Team top-up", "25", "28"));
        await AddKeyAsync("Claude Code, Mia", "6", "monthly");
        await AddKeyAsync("Cursor, Jonathan", "1.6", "monthly");
        await AddKeyAsync("Nightly summaries", "0.25", "daily");
        await client.SendAsync("PATCH", "account/fallback", Json("""{"fallbacks":["openai/gpt-4o-mini"]}"""));
        await client.SendAsync("PUT", "wallet/auto_reload", Json("""{"threshold":"990","amount":"50"}"""));
    }

    /// <summary>What happens on a day, besides the calls.</summary>
    /// <param name="day">How many days have passed.</param>
    /// <param name="time">The time.</param>
    public async Task LiveAsync(int day, DateTimeOffset time)
    {
        foreach (var person in People.Where(person => person.Day == day)) await JoinAsync(person);
        await ReportVoiceAsync(day, time);
        switch (day)
        {
            case 13:
                await client.SendAsync(
                    "POST", $"customers/{_customers["Aiko Tanaka"]}/adjustments", Json("""{"amount":"5","description":"Goodwill for the slow morning"}"""));
                break;
            case 24:
                await BuyAsync("Diego Morales", "Starter", 1);
                break;
            case 28:
                // The next renewal will fail.
                await AddCardAsync("Elif Kaya", "pm_card_chargeCustomerFail");
                break;
            case 31:
                await BuyAsync("Nora Lindqvist", "Team", 0);
                break;
            case 35:
                await RefundAsync("Tom Beckett", "4");
                break;
            case 40:
                var disputed = await PaymentOfAsync("Jonas Weber");
                await client.SendAsync("POST", "test_helpers/disputes", new JsonObject { ["payment_id"] = disputed, ["status"] = "open" });
                break;
            case 45:
                // Her next renewal fails a few days before the end, and is owed still.
                await AddCardAsync("Grace Kim", "pm_card_chargeCustomerFail");
                break;
            case 47:
                await client.SendAsync("DELETE", $"subscriptions/{await SubscriptionOfAsync("Tom Beckett")}");
                break;
            case 52:
                // Nobody hears it, so that its deliveries fail.
                await client.SendAsync("POST", "webhooks", Json("""{"name":"Shop","url":"https://hooks.shop.invalid/lava"}"""));
                break;
            case 55:
                await BuyAsync("Amelia Clarke", "Team", 0);
                break;
        }
    }

    /// <summary>One of those who pay for calls by now, by how much they use it; null for the merchant itself.</summary>
    public string? NextPayer(Random random)
    {
        var at = random.Next(_payers.Sum(payer => payer.Weight) + 4);
        foreach (var (id, weight) in _payers)
        {
            at -= weight;
            if (at < 0) return id;
        }

        return null;
    }

    private async Task JoinAsync((string Name, string Mail, string? Plan, int Day, int Weight) person)
    {
        var reference = person.Mail[..person.Mail.IndexOf('@', StringComparison.Ordinal)];
        var body = new JsonObject { ["name"] = person.Name, ["email"] = person.Mail, ["reference_id"] = reference };
        var id = (await client.SendAsync("POST", "customers", body)).GetProperty("customer_id").GetString()!;
        _customers[person.Name] = id;
        _payers.Add((id, person.Weight));
        if (person.Plan is null) return;
        await AddCardAsync(person.Name, person.Day % 2 == 0 ? "pm_card_visa" : "pm_card_mastercard");
        var plan = _plans[person.Plan].GetProperty("plan_id").GetString();
        await client.SendAsync("POST", "test_helpers/subscriptions", new JsonObject { ["customer_id"] = id, ["plan_id"] = plan });
    }

    // The merchant's telephone line does not pass through the gateway.
    private async Task ReportVoiceAsync(int day, DateTimeOffset time)
    {
        var reports = new JsonArray();
        foreach (var (name, at) in new[] { ("Samuel Okafor", 2), ("Priya Raman", 5), ("Hannah Schmid", 21) })
        {
            if (day < at || time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) continue;
            reports.Add(new JsonObject
            {
                ["request_id"] = string.Create(CultureInfo.InvariantCulture, $"voice-{day}-{at}"),
                ["customer_id"] = _customers[name],
                ["meter_slug"] = "voice",
                ["input_seconds"] = 60 * (4 + ((day * 7 * at) % 23)),
                ["timestamp"] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["metadata"] = new JsonObject { ["feature"] = "telephone" },
            });
        }

        if (reports.Count > 0) await client.SendAsync("POST", "requests/batch", new JsonObject { ["requests"] = reports });
    }

    private async Task BuyAsync(string name, string plan, int bundle)
    {
        var id = _plans[plan].GetProperty("credit_bundles")[bundle].GetProperty("credit_bundle_id").GetString();
        await client.SendAsync("POST", "test_helpers/credit_bundles", new JsonObject { ["customer_id"] = _customers[name], ["credit_bundle_id"] = id });
    }

    private async Task RefundAsync(string name, string amount) => await client.SendAsync(
        "POST", $"customers/{_customers[name]}/refunds", new JsonObject { ["payment_id"] = await PaymentOfAsync(name), ["amount"] = amount });

    private async Task<string> PaymentOfAsync(string name) =>
        (await client.SendAsync("GET", $"customers/{_customers[name]}/payments")).GetProperty("data")[0].GetProperty("payment_id").GetString()!;

    private async Task<string> SubscriptionOfAsync(string name) =>
        (await client.SendAsync("GET", $"customers/{_customers[name]}/subscription")).GetProperty("subscription").GetProperty("subscription_id").GetString()!;

    private async Task AddCardAsync(string name, string token) => await client.SendAsync(
        "POST", "test_helpers/payment_methods", new JsonObject { ["token"] = token, ["default"] = true, ["customer_id"] = _customers[name] });

    private async Task AddMeterAsync(string name, string slug, string unit, params (string Start, string Rate)[] tiers) =>
        await client.SendAsync("POST", "meters", new JsonObject
        {
            ["name"] = name,
            ["meter_slug"] = slug,
            ["rate_type"] = "fixed",
            ["tier_type"] = unit,
            ["tiers"] = new JsonArray([.. tiers.Select(tier => new JsonObject { ["start"] = tier.Start, ["rate"] = tier.Rate })]),
        });

    private async Task AddPlanAsync(string name, string price, string credit, params (string Name, string Cost, string Credit)[] bundles) =>
        _plans[name] = await client.SendAsync("POST", "plans", new JsonObject
        {
            ["name"] = name,
            ["period_amount"] = price,
            ["billing_interval"] = "month",
            ["included_credit"] = credit,
            ["meter_ids"] = new JsonArray("assistant", "search", "voice"),
            ["credit_bundles"] = new JsonArray(
                [.. bundles.Select(bundle => new JsonObject { ["name"] = bundle.Name, ["cost"] = bundle.Cost, ["credit_amount"] = bundle.Credit })]),
        });

    private async Task AddKeyAsync(string name, string amount, string cycle) => SpendKeys.Add((await client.SendAsync("POST", "spend_keys", new JsonObject
    {
        ["name"] = name,
        ["spend_limit"] = new JsonObject { ["amount"] = amount, ["cycle"] = cycle },
    })).GetProperty("key").GetString()!);

    private static JsonNode Json(string text) => JsonNode.Parse(text)!;
}
