using Lava.Service.Admin;
using Lava.Service.Auditing;
using Lava.Service.Credentials;
using Lava.Service.Ports.Vault;
using Lava.Service.Tests.Console;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Admin;

/// <summary>What the operator does with merchants.</summary>
public sealed class MerchantTests : IClassFixture<ManagementHost>, IAsyncLifetime
{
    private static readonly string Secret = new('s', 64);

    private readonly ManagementHost _host;

    public MerchantTests(ManagementHost host) => _host = host;

    public async Task InitializeAsync() => await _host.Services.GetRequiredService<IVault>().SetAsync(AdminGate.SecretName, Secret, CancellationToken.None);

    public Task DisposeAsync()
    {
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_suspended_merchants_calls_are_refused_by_every_credential_and_everything_is_kept()
    {
        var merchant = await _host.NewMerchantAsync(10);
        var spendKey = (await _host.PostAsync(merchant.TestKey, "/v1/spend_keys", """{"name":"S"}"""))["key"]!;
        var customer = await _host.NewCustomerAsync(merchant.TestKey);
        using var browser = new Browser(_host.Address);
        await browser.SignInAsync(merchant.TestKey);
        ((int)(await browser.GetAsync("/console/test/customers/" + customer)).Response.StatusCode).ShouldBe(200);
        const string call = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}""";
        (await _host.PostAsync(spendKey, "/v1/chat/completions", call)).Status.ShouldBe(200);

        var suspended = await _host.PostAsync(Secret, $"/v1/admin/merchants/{merchant.Merchant.Id}/suspend", """{"reason":"Unpaid invoice 7"}""");
        (suspended.Status, suspended["status"], suspended["suspension_reason"]).ShouldBe((200, "suspended", "Unpaid invoice 7"));

        foreach (var key in new[] { merchant.TestKey, merchant.LiveKey })
        {
            foreach (var path in new[] { "/v1/wallet", "/v1/customers", "/v1/secret_keys" })
            {
                var refused = await _host.GetAsync(key, path);
                (refused.Status, refused.Code).ShouldBe((403, "merchant_suspended"), path);
            }

            (await _host.PostAsync(key, "/v1/customers", "{}", ("Idempotency-Key", "while-suspended"))).Code.ShouldBe("merchant_suspended");
        }

        var token = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($$"""{"secret_key":"{{merchant.TestKey}}"}"""));
        foreach (var credential in new[] { merchant.TestKey, spendKey, token })
        {
            (await _host.PostAsync(credential, "/v1/chat/completions", call)).Code.ShouldBe("merchant_suspended");
            (await _host.PostAsync(credential, "/v1/forward?u=https://api.openai.com/v1/chat/completions", call)).Code.ShouldBe("merchant_suspended");
        }

        var (page, html) = await browser.GetAsync("/console/test/customers/" + customer);
        ((int)page.StatusCode).ShouldBe(403);
        html.ShouldContain("suspended");

        // What the operator does in one millisecond has no order in the log.
        _host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var resumed = await _host.PostAsync(Secret, $"/v1/admin/merchants/{merchant.Merchant.Id}/resume", null);
        (resumed.Status, resumed["status"]).ShouldBe((200, "active"));
        (await _host.GetAsync(merchant.TestKey, "/v1/customers/" + customer)).Status.ShouldBe(200);
        (await _host.PostAsync(merchant.TestKey, "/v1/customers", "{}", ("Idempotency-Key", "while-suspended"))).Status.ShouldBe(201);
        (await _host.PostAsync(spendKey, "/v1/chat/completions", call)).Status.ShouldBe(200);
        ((int)(await browser.GetAsync("/console/test/customers/" + customer)).Response.StatusCode).ShouldBe(200);
        var log = await _host.GetAsync(Secret, "/v1/admin/log?limit=2");
        (log["data.1.action"], log["data.1.subject"], log["data.0.action"]).ShouldBe(("merchant.suspended", "Unpaid invoice 7", "merchant.resumed"));
    }

    [Fact]
    public async Task Another_instance_sees_a_suspension_within_five_seconds()
    {
        var merchant = await _host.NewMerchantAsync();
        (await _host.GetAsync(merchant.TestKey, "/v1/wallet")).Status.ShouldBe(200);
        var other = new Suspensions(_host.Tables, _host.Clock);
        await other.AddAsync(merchant.Merchant.Id, "x", default);
        _host.Clock.Advance(Authenticator.KeepTime);
        (await _host.GetAsync(merchant.TestKey, "/v1/wallet")).Code.ShouldBe("merchant_suspended");

        // The first reason stays.
        (await other.AddAsync(merchant.Merchant.Id, "y", default)).Reason.ShouldBe("x");
    }

    [Fact]
    public async Task A_rotation_leaves_one_key_of_the_mode_and_ends_all_others_at_once()
    {
        var merchant = await _host.NewMerchantAsync();
        var second = (await _host.PostAsync(merchant.TestKey, "/v1/secret_keys", """{"name":"K"}"""))["secret_key"]!;
        var rotated = await _host.PostAsync(Secret, $"/v1/admin/merchants/{merchant.Merchant.Id}/rotate_keys", """{"mode":"test"}""");
        rotated.Status.ShouldBe(201);
        foreach (var old in new[] { merchant.TestKey, second }) (await _host.GetAsync(old, "/v1/wallet")).Code.ShouldBe("secret_key_invalid");
        var list = await _host.GetAsync(rotated["secret_key"]!, "/v1/secret_keys");
        list.Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        list["data.0.secret_key_id"].ShouldBe(rotated["secret_key_id"]);
        (await _host.GetAsync(merchant.LiveKey, "/v1/wallet")).Status.ShouldBe(200);

        // As many keys as there may be are no obstacle.
        for (var i = 0; i < 99; i++) (await _host.PostAsync(rotated["secret_key"]!, "/v1/secret_keys", """{"name":"K"}""")).Status.ShouldBe(201);
        (await _host.PostAsync(Secret, $"/v1/admin/merchants/{merchant.Merchant.Id}/rotate_keys", """{"mode":"test"}""")).Status.ShouldBe(201);
        (await _host.GetAsync(Secret, "/v1/admin/log?limit=1")).Body.GetRawText().ShouldNotContain("aks_");
    }

    [Fact]
    public async Task A_correction_is_one_entry_for_each_name_and_the_books_stay_right()
    {
        var merchant = await _host.NewMerchantAsync();
        var path = $"/v1/admin/merchants/{merchant.Merchant.Id}/adjustments";
        var given = await _host.PostAsync(Secret, path, """{"mode":"test","amount":"25.5","description":"Goodwill for the outage"}""", ("Idempotency-Key", "outage"));
        (given.Status, given["amount"], given["mode"]).ShouldBe((201, "25.50", "test"));
        var again = await _host.PostAsync(Secret, path, """{"mode":"test","amount":"25.50","description":"Goodwill for the outage"}""", ("Idempotency-Key", "outage"));
        (again.Status, again["entry_id"]).ShouldBe((201, given["entry_id"]));
        var other = await _host.PostAsync(Secret, path, """{"mode":"test","amount":"26","description":"Goodwill for the outage"}""", ("Idempotency-Key", "outage"));
        (other.Status, other.Code).ShouldBe((409, "idempotency_conflict"));
        (await _host.GetAsync(merchant.TestKey, "/v1/wallet"))["balance"].ShouldBe("125.50");

        await _host.PostAsync(Secret, path, """{"mode":"test","amount":"-130","description":"Charged back"}""", ("Idempotency-Key", "back"));
        (await _host.GetAsync(merchant.TestKey, "/v1/wallet"))["balance"].ShouldBe("-4.50");
        var entry = await _host.GetAsync(merchant.TestKey, "/v1/ledger/" + given["entry_id"]);
        (entry["reason"], entry["cause"], entry["postings.0.amount"], entry["postings.1.account"], entry["postings.1.amount"]).ShouldBe(("adjustment", "Goodwill for the outage", "25.50", "funding", "-25.50"));
        (await _host.GetAsync(merchant.LiveKey, "/v1/wallet"))["balance"].ShouldBe("0.00");
        var shown = await _host.GetAsync(Secret, "/v1/admin/merchants/" + merchant.Merchant.Id);
        (shown["balance"], shown["test_balance"], shown["status"]).ShouldBe(("0.00", "-4.50", "active"));
        (await _host.Services.GetRequiredService<Audit>().RunAsync(default)).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Twenty_corrections_of_one_name_at_once_move_money_once()
    {
        var merchant = await _host.NewMerchantAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _host.PostAsync(
            Secret, $"/v1/admin/merchants/{merchant.Merchant.Id}/adjustments", """{"mode":"live","amount":"3","description":"x"}""", ("Idempotency-Key", "one"))));
        answers.ShouldAllBe(answer => answer.Status == 201);
        answers.Select(answer => answer["entry_id"]).Distinct().Count().ShouldBe(1);
        (await _host.GetAsync(merchant.LiveKey, "/v1/wallet"))["balance"].ShouldBe("3.00");
    }

    [Theory]
    [InlineData("""{"mode":"both","amount":"1","description":"x"}""", "mode")]
    [InlineData("""{"amount":"1","description":"x"}""", "mode")]
    [InlineData("""{"mode":"test","amount":"0","description":"x"}""", "amount")]
    [InlineData("""{"mode":"test","amount":1,"description":"x"}""", "amount")]
    [InlineData("""{"mode":"test","amount":"--1","description":"x"}""", "amount")]
    [InlineData("""{"mode":"test","amount":"1000000.01","description":"x"}""", "amount")]
    [InlineData("""{"mode":"test","amount":"1"}""", "description")]
    public async Task A_correction_that_is_not_whole_is_refused_where_it_is_wrong(string body, string issue)
    {
        var merchant = await _host.NewMerchantAsync();
        var path = $"/v1/admin/merchants/{merchant.Merchant.Id}/adjustments";
        (await _host.PostAsync(Secret, path, body, ("Idempotency-Key", "k"))).Issues.ShouldBe([issue]);
        (await _host.PostAsync(Secret, path, """{"mode":"test","amount":"1","description":"x"}""")).Issues.ShouldBe(["Idempotency-Key"]);
        (await _host.GetAsync(merchant.TestKey, "/v1/wallet"))["balance"].ShouldBe("100.00");
    }

    [Fact]
    public async Task Merchants_are_found_by_the_beginning_of_their_names_page_by_page()
    {
        var word = "Zürich & Söhne " + Guid.NewGuid().ToString("n")[..6];
        var made = new List<string>();
        foreach (var end in new[] { "GmbH", "AG", "ag II" })
        {
            made.Add((await _host.PostAsync(Secret, "/v1/admin/merchants", $$"""{"name":"{{word}} {{end}}"}"""))["merchant_id"]!);
            _host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        var found = await _host.GetAsync(Secret, "/v1/admin/merchants?name=" + Uri.EscapeDataString(word.ToUpperInvariant()));
        found.Body.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("merchant_id").GetString()).ShouldBe([made[1], made[2], made[0]], ignoreOrder: true);
        var first = await _host.GetAsync(Secret, $"/v1/admin/merchants?limit=2&name={Uri.EscapeDataString(word)}");
        var rest = await _host.GetAsync(Secret, $"/v1/admin/merchants?limit=2&name={Uri.EscapeDataString(word)}&cursor={first["next_cursor"]}");
        (first["has_more"], rest["has_more"], rest.Body.GetProperty("data").GetArrayLength()).ShouldBe(("true", "false", 1));
        (await _host.GetAsync(Secret, "/v1/admin/merchants?name=" + Uri.EscapeDataString(word + " x"))).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await _host.GetAsync(Secret, "/v1/admin/merchants?names=x")).Issues.ShouldBe(["names"]);
    }

    [Fact]
    public async Task A_merchant_that_there_is_not_is_not_found()
    {
        foreach (var id in new[] { "mer_01J0000000000000000000000A", "x", "mer_" })
        {
            (await _host.GetAsync(Secret, "/v1/admin/merchants/" + id)).Code.ShouldBe("merchant_not_found");
            (await _host.PostAsync(Secret, $"/v1/admin/merchants/{id}/suspend", """{"reason":"x"}""")).Code.ShouldBe("merchant_not_found");
            (await _host.PostAsync(Secret, $"/v1/admin/merchants/{id}/resume", null)).Code.ShouldBe("merchant_not_found");
            (await _host.PostAsync(Secret, $"/v1/admin/merchants/{id}/rotate_keys", """{"mode":"live"}""")).Code.ShouldBe("merchant_not_found");
            (await _host.PostAsync(Secret, $"/v1/admin/merchants/{id}/adjustments", """{"mode":"test","amount":"1","description":"x"}""", ("Idempotency-Key", "k"))).Code.ShouldBe("merchant_not_found");
        }

        (await _host.PostAsync(Secret, "/v1/admin/merchants/x/suspend", "{}")).Issues.ShouldBe(["reason"]);
    }
}
