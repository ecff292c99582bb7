using System.Text;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Accounts.SpendKeys;
using Lava.Service.Tests.Support;
using Lava.Service.Tests.Wallets;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Webhooks.Mail;

/// <summary>The whole way: usage, metering, signals, the queue, SMTP. No merchant here has a webhook.</summary>
public sealed class AlertMailTests : IAsyncLifetime
{
    private const string Path = "/v1/alerts/email";

    private readonly MailServer _server = new();
    private ManagementHost _host = new();

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        foreach (var (name, value) in new[] { ("Host", "127.0.0.1"), ("Port", $"{_server.Port}"), ("From", "alerts@lava.test"), ("Security", "none") }) _host.Settings[$"Lava:Mail:{name}"] = value;
        await _host.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_half_four_fifths_and_all_of_the_credits_are_mailed_once_each()
    {
        var key = await BeginAsync();
        await _host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        await _host.PostAsync(key, "/v1/customers", """{"reference_id":"user-1"}""");

        // Ten credits of the Free plan; the first million tokens costs 5, each further one 3.
        foreach (var (id, percent) in new[] { ("a", 50), ("b", 80), ("c", 100) })
        {
            var report = $$"""{"request_id":"{{id}}","customer_id":"user-1","meter_slug":"chat","input_tokens":1000000}""";
            (await _host.PostAsync(key, "/v1/requests", report)).Status.ShouldBe(201);
            await ArriveAsync(key, $"[Test] Lava: {percent}% of the credits of customer user-1 are used");
        }

        await ExpectNoMoreAsync(key, 3);
    }

    [Fact]
    public async Task A_half_four_fifths_and_all_of_a_spend_keys_limit_are_mailed_once_each()
    {
        var key = await BeginAsync();
        var raw = (await _host.NewSpendKeyAsync(key, "\"request_limit\":{\"count\":10,\"cycle\":\"daily\"}"))["key"]!;
        var made = 0;
        foreach (var (calls, percent) in new[] { (5, 50), (8, 80), (10, 100) })
        {
            for (; made < calls; made++) (await _host.PostAsync(raw, "/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello!"}]}""")).Status.ShouldBe(200);
            await ArriveAsync(key, $"[Test] Lava: {percent}% of the limit of spend key \"Agent\" is used");
        }

        await ExpectNoMoreAsync(key, 3);
    }

    [Fact]
    public async Task A_half_four_fifths_and_all_of_the_wallet_are_mailed_once_each()
    {
        var key = await BeginAsync();
        var tenant = await TenantAsync(key);

        // What counts is what was in it after the last payment: 100 and 25.
        (await _host.FundAsync(key, await _host.NewCardAsync(key))).Status.ShouldBe(200);
        (await _host.BalanceAsync(key)).ShouldBe("125.00");
        foreach (var (amount, percent) in new[] { (62.5m, 50), (37.5m, 80), (25m, 100) })
        {
            await SpendAsync(tenant, amount);

            // As after a batch of costs, by two instances at once, and more than once.
            var keeper = _host.Services.GetRequiredService<Lava.Service.Billing.Wallets.WalletKeeper>();
            for (var i = 0; i < 2; i++) await Task.WhenAll(keeper.RunAsync(tenant, default).AsTask(), keeper.RunAsync(tenant, default).AsTask());
            await ArriveAsync(key, $"[Test] Lava: {percent}% of your wallet balance is used");
        }

        await ExpectNoMoreAsync(key, 3);
        _server.Mails[^1].Message.TextBody!.ShouldContain("Balance: $0.00 of $125.00");
    }

    [Fact]
    public async Task The_list_is_shown_changed_and_removed()
    {
        var key = await _host.NewKeyAsync();
        var none = await _host.GetAsync(key, Path);
        (none.Status, none["enabled"], none.Body.GetProperty("addresses").GetArrayLength()).ShouldBe((200, "false", 0));

        var set = await SetAsync(key, """{"addresses":["ops@example.com","Second.One+alerts@mail.example.co.uk"]}""");
        (set.Status, set["enabled"], set["addresses.1"]).ShouldBe((200, "true", "Second.One+alerts@mail.example.co.uk"));
        Texts(set, "events").ShouldBe(
        [
            "wallet.alert", "spend_key.alert", "credits.alert", "wallet.reload_failed", "wallet.reload_capped", "top_up.capped", "payment.failed", "subscription.past_due", "dispute.created",
        ]);
        Texts(await SetAsync(key, """{"addresses":["ops@example.com"],"events":["wallet.alert"]}"""), "events").ShouldBe(["wallet.alert"]);
        Texts(await _host.GetAsync(key, Path), "events").ShouldBe(["wallet.alert"]);
        (await _host.DeleteAsync(key, Path))["enabled"].ShouldBe("false");
        (await _host.GetAsync(key, Path))["enabled"].ShouldBe("false");

        // Another merchant's list is another.
        (await _host.GetAsync(await _host.NewKeyAsync(), Path))["enabled"].ShouldBe("false");
    }

    [Theory]
    [InlineData("{}", "addresses")]
    [InlineData("""{"addresses":[]}""", "addresses")]
    [InlineData("""{"addresses":"ops@example.com"}""", "addresses")]
    [InlineData("""{"addresses":["a1@e.com","a2@e.com","a3@e.com","a4@e.com","a5@e.com","a6@e.com","a7@e.com","a8@e.com","a9@e.com","a10@e.com","a11@e.com"]}""", "addresses")]
    [InlineData("""{"addresses":["ops@example.com","OPS@example.com"]}""", "addresses.1")]
    [InlineData("""{"addresses":["ops"]}""", "addresses.0")]
    [InlineData("""{"addresses":["Ops <ops@example.com>"]}""", "addresses.0")]
    [InlineData("""{"addresses":["ops@example.com, evil@example.com"]}""", "addresses.0")]
    [InlineData("""{"addresses":["ops@example.com\r\nBcc:evil@example.com"]}""", "addresses.0")]
    [InlineData("""{"addresses":["ops@[127.0.0.1]"]}""", "addresses.0")]
    [InlineData("""{"addresses":[7]}""", "addresses.0")]
    [InlineData("""{"addresses":["ops@example.com"],"events":["customer.created"]}""", "events.0")]
    [InlineData("""{"addresses":["ops@example.com"],"events":[]}""", "events")]
    [InlineData("""{"addresses":["ops@example.com"],"cc":["x@example.com"]}""", "cc")]
    public async Task What_is_wrong_with_the_list_is_said_and_nothing_is_set(string body, string path)
    {
        var key = await _host.NewKeyAsync();
        var answer = await SetAsync(key, body);
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
        answer.Issues.ShouldBe([path]);
        (await _host.GetAsync(key, Path))["enabled"].ShouldBe("false");
    }

    [Fact]
    public async Task Without_a_mail_server_the_list_is_refused()
    {
        await _host.DisposeAsync();
        _host = new ManagementHost();
        await _host.InitializeAsync();
        var answer = await SetAsync(await _host.NewKeyAsync(), """{"addresses":["ops@example.com"]}""");
        (answer.Status, answer.Code).ShouldBe((503, "mail_not_configured"));
    }

    private static string[] Texts(Answer answer, string name) => [.. answer.Body.GetProperty(name).EnumerateArray().Select(one => one.GetString()!)];

    private Task<Answer> SetAsync(string key, string json) => _host.SendAsync(key, "PUT", Path, Encoding.UTF8.GetBytes(json));

    /// <summary>A merchant whose alerts are mailed, with 100 in its wallet and 10 credits in its Free plan.</summary>
    private async Task<string> BeginAsync()
    {
        var key = await _host.NewKeyAsync(10);
        (await SetAsync(key, """{"addresses":["ops@example.com"],"events":["wallet.alert","spend_key.alert","credits.alert"]}""")).Status.ShouldBe(200);
        return key;
    }

    private async Task<Tenant> TenantAsync(string key)
    {
        var identity = await _host.Services.GetRequiredService<Lava.Service.Credentials.Authenticator>().AuthenticateAsync(key, null, default);
        return identity!.Tenant;
    }

    /// <summary>Waits for the next mail. What waits for a second to be over is told by the clock.</summary>
    private async Task ArriveAsync(string key, string subject)
    {
        var arrival = _server.ArriveAsync(1);
        while (!arrival.IsCompleted)
        {
            _host.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(arrival, Task.Delay(50));
        }

        _server.Mails[^1].Message.Subject.ShouldBe(subject);

        // Until it is noted: what is asked for now must find it done.
        while ((await _host.GetAsync(key, Path + "/deliveries"))["data.0.status"] != "succeeded") await Task.Delay(20);
    }

    private async Task ExpectNoMoreAsync(string key, int count)
    {
        var deliveries = (await _host.GetAsync(key, Path + "/deliveries")).Body.GetProperty("data").EnumerateArray().ToList();
        deliveries.Count.ShouldBe(count);
        foreach (var one in deliveries)
        {
            (one.GetProperty("status").GetString(), one.GetProperty("attempts").GetInt32(), one.GetProperty("recipient").GetString()).ShouldBe(("succeeded", 1, "ops@example.com"));
        }

        _server.Mails.Count.ShouldBe(count);
    }

    private async Task SpendAsync(Tenant tenant, decimal amount)
    {
        BookStore books = _host.Services.GetRequiredService<BookStore>();
        await books.ChangeAsync(BookKey.Wallet(tenant), (view, _) =>
        {
            var edit = new BookEdit(view.Head!, _host.Clock.GetUtcNow());
            var number = edit.Post(EntryReason.ProviderCost, "test", new Posting(Account.Wallet, -amount), new Posting(Account.Cost("test"), amount));
            return ValueTask.FromResult<BookChange?>(new BookChange(edit.Head, [TableWrite.Insert(BookRows.Entry(number), Lava.Service.Storage.Json.Write(edit.Entries[0], LedgerJson.Default.Entry))]));
        }, default);
    }
}
