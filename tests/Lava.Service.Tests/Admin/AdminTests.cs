using Lava.Service.Admin;
using Lava.Service.Ports.Vault;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Admin;

public sealed class AdminTests : IClassFixture<ManagementHost>, IAsyncLifetime
{
    private static readonly string Secret = new('s', 64);

    private readonly ManagementHost _host;

    public AdminTests(ManagementHost host) => _host = host;

    public async Task InitializeAsync() => await Vault.SetAsync(AdminGate.SecretName, Secret, CancellationToken.None);

    public Task DisposeAsync()
    {
        // Another minute, so that no other test's calls count.
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        return Task.CompletedTask;
    }

    private IVault Vault => _host.Services.GetRequiredService<IVault>();

    [Fact]
    public async Task The_operator_makes_a_merchant_whose_keys_work_and_both_lists_show_it()
    {
        var made = await _host.PostAsync(Secret, "/v1/admin/merchants", """{"name":"Acme"}""");
        made.Status.ShouldBe(201);
        made.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["merchant_id", "name", "wallet_id", "secret_key", "test_wallet_id", "test_secret_key", "created_at"]);
        (await _host.GetAsync(made["secret_key"]!, "/v1/wallet"))["wallet_id"].ShouldBe(made["wallet_id"]);
        (await _host.GetAsync(made["secret_key"]!, "/v1/wallet"))["balance"].ShouldBe("0.00");
        (await _host.GetAsync(made["test_secret_key"]!, "/v1/wallet"))["wallet_id"].ShouldBe(made["test_wallet_id"]);

        _host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await _host.PostAsync(Secret, "/v1/admin/merchants", """{"name":"Second"}""");
        var seen = new List<string>();
        var cursor = "";
        do
        {
            var page = await _host.GetAsync(Secret, "/v1/admin/merchants?limit=1" + cursor);
            seen.Add(page["data.0.merchant_id"]!);
            cursor = page["has_more"] == "true" ? "&cursor=" + page["next_cursor"] : "";
        }
        while (cursor.Length > 0);
        seen.ShouldContain(made["merchant_id"]!);
        seen.ShouldBeUnique();

        var log = await _host.GetAsync(Secret, "/v1/admin/log?limit=1");
        (log["data.0.action"], log["has_more"]).ShouldBe(("merchant.created", "true"));
        var older = await _host.GetAsync(Secret, "/v1/admin/log?limit=1&cursor=" + log["next_cursor"]);
        older["data.0.merchant_id"].ShouldBe(made["merchant_id"]);
        older.Body.GetRawText().ShouldNotContain("aks_");
    }

    [Fact]
    public async Task Nobody_else_is_let_in()
    {
        var merchant = await _host.NewMerchantAsync();
        foreach (var credential in new[] { "", merchant.TestKey, merchant.LiveKey, Secret[1..], Secret + "s", new string('S', 64) })
        {
            foreach (var (method, path) in new[] { ("POST", "/v1/admin/merchants"), ("GET", "/v1/admin/merchants"), ("GET", "/v1/admin/log") })
                (await _host.SendAsync(credential, method, path, """{"name":"x"}"""u8.ToArray())).Code.ShouldBe("admin_secret_invalid");
        }

        (await _host.GetAsync(Secret, "/v1/wallet")).Code.ShouldBe("secret_key_invalid");
    }

    [Theory]
    [InlineData("POST", "/v1/admin/merchants", """{"name":"A","funds":"5"}""", "funds")]
    [InlineData("POST", "/v1/admin/merchants/mer_x/suspend", """{"reason":"R","until":"tomorrow"}""", "until")]
    [InlineData("PUT", "/v1/admin/invoice_details", """{"legal_name":"L","vat":"19"}""", "vat")]
    public async Task An_unknown_member_is_refused(string method, string path, string body, string member)
    {
        var answer = await _host.SendAsync(Secret, method, path, System.Text.Encoding.UTF8.GetBytes(body));
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
        answer.Issues.ShouldBe([member]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"a\nb"}""")]
    public async Task A_merchant_needs_a_name(string body)
    {
        var answer = await _host.PostAsync(Secret, "/v1/admin/merchants", body);
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
        answer.Issues.ShouldBe(["name"]);
        (await _host.PostAsync(Secret, "/v1/admin/merchants", "nonsense")).Code.ShouldBe("invalid_json");
        (await _host.GetAsync(Secret, "/v1/admin/merchants?cursor=mer_x")).Issues.ShouldBe(["cursor"]);
        (await _host.GetAsync(Secret, "/v1/admin/log?cursor=x")).Issues.ShouldBe(["cursor"]);
    }

    [Fact]
    public async Task Who_guesses_is_slowed_and_does_not_lock_the_operator_out()
    {
        var answers = new List<Answer>();
        for (var i = 0; i < 40; i++) answers.Add(await _host.GetAsync("guess-" + i, "/v1/admin/merchants"));
        answers.Count(answer => answer.Status == 401).ShouldBe(30);
        answers[^1].Status.ShouldBe(429);
        answers[^1].Header("Retry-After").ShouldNotBeNull();
        (await _host.GetAsync(Secret, "/v1/admin/merchants")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_secret_that_could_be_guessed_lets_nobody_in()
    {
        await Vault.SetAsync(AdminGate.SecretName, "short", CancellationToken.None);
        (await _host.GetAsync("short", "/v1/admin/merchants")).Status.ShouldBe(401);
        await Vault.DeleteAsync(AdminGate.SecretName, CancellationToken.None);
        (await _host.GetAsync("", "/v1/admin/merchants")).Status.ShouldBe(401);
    }
}
