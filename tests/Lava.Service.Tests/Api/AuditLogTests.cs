using Lava.Console;
using Lava.Service.Admin;
using Lava.Service.Api;
using Lava.Service.Api.AuditLogs;
using Lava.Service.Hosting;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Console;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Api;

/// <summary>Who changed what, when and from where.</summary>
public sealed class AuditLogTests : IAsyncLifetime
{
    private readonly ManagementHost _host = new();
    private NewMerchant _merchant = null!;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _merchant = await _host.NewMerchantAsync(100);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_change_is_kept_with_who_made_it_what_it_changed_and_from_where_but_without_values()
    {
        var made = await PostAsync("/v1/spend_keys", """{"name":"Private name","spend_limit":{"amount":"12.34","cycle":"daily"}}""");
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        var id = made["spend_key_id"]!;
        (await _host.PatchAsync(_merchant.TestKey, "/v1/spend_keys/" + id, """{"status":"paused"}""")).Status.ShouldBe(200);
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await PostAsync($"/v1/spend_keys/{id}/rotate", null)).Status.ShouldBe(200);

        var log = await LogAsync();
        ActionsOf(log).ShouldBe(["spend_key.rotated", "spend_key.updated", "spend_key.created"]);
        (log["data.2.object_id"], log["data.1.object_id"], log["data.0.object_id"]).ShouldBe((id, id, id));
        log.Body.GetProperty("data")[2].GetProperty("changed").EnumerateArray().Select(name => name.GetString()).ShouldBe(["name", "spend_limit"]);
        log["data.1.changed.0"].ShouldBe("status");
        (log["data.0.actor.type"], log["data.0.via"], log["data.0.address"]).ShouldBe(("secret_key", "api", "127.0.0.1"));
        log["data.0.actor.id"].ShouldBe((await _host.GetAsync(_merchant.TestKey, "/v1/secret_keys"))["data.0.secret_key_id"]);
        log["data.0.request_id"].ShouldNotBeNullOrEmpty();
        foreach (var value in new[] { "Private name", "12.34", made["key"]!, _merchant.TestKey }) log.Body.GetRawText().ShouldNotContain(value);
    }

    [Fact]
    public async Task What_changed_nothing_is_not_in_it()
    {
        await PostAsync("/v1/customers", """{"reference_id":7}""");
        await PostAsync("/v1/customers", "nonsense");
        await _host.DeleteAsync(_merchant.TestKey, "/v1/customers/unknown");
        await _host.GetAsync(_merchant.TestKey, "/v1/customers");
        await _host.PostAsync("aks_test_" + new string('x', 43), "/v1/customers", "{}");

        (await LogAsync()).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Reports_of_usage_are_data_and_not_in_it()
    {
        await _host.NewMeterAsync(_merchant.TestKey, "\"meter_slug\":\"chat\"");
        var customer = await _host.NewCustomerAsync(_merchant.TestKey);
        var report = $$"""{"request_id":"order-1","customer_id":"{{customer}}","meter_slug":"chat","input_tokens":100}""";
        (await PostAsync("/v1/requests", report)).Status.ShouldBe(201);

        ActionsOf(await LogAsync()).ShouldBe(["customer.created", "meter.created"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_repeat_of_an_idempotent_request_is_one_change()
    {
        for (var i = 0; i < 3; i++)
            (await _host.PostAsync(_merchant.TestKey, "/v1/customers", "{}", ("Idempotency-Key", "one"))).Status.ShouldBe(201);

        ActionsOf(await LogAsync()).ShouldBe(["customer.created"]);
    }

    [Fact]
    public async Task What_a_person_does_in_the_console_is_told_apart()
    {
        using var browser = new Browser(_host.Address);
        await browser.SignInAsync(_merchant.TestKey);
        await browser.SubmitAsync("/console/test/keys", "/console/test/keys/secret", ("name", "New one"));
        using var bearer = new Browser(_host.Address);
        await bearer.GetAsync((await ConsoleLink.CreateAsync(_host.Services, _host.Address, default))!.PathAndQuery);
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        await bearer.SubmitAsync("/console/live/keys", "/console/live/keys/secret", ("name", "Another"));

        var test = await LogAsync();
        (test["data.0.action"], test["data.0.actor.type"], test["data.0.via"], test["data.0.address"])
            .ShouldBe(("secret_key.created", "secret_key", "console", "127.0.0.1"));
        test["data.0.actor.id"]!.ShouldStartWith("ak_test_");

        // The link is of the server's oldest merchant.
        var (_, html) = await bearer.GetAsync("/console/live/audit-log");
        html.ShouldContain("secret_key.created");
        html.ShouldContain("Console link");
    }

    [Fact]
    public async Task Another_merchant_and_the_other_mode_see_nothing_of_it()
    {
        await PostAsync("/v1/customers", "{}");
        var cursor = (await LogAsync())["data.0.audit_entry_id"];
        var stranger = await _host.NewMerchantAsync();
        foreach (var key in new[] { _merchant.LiveKey, stranger.TestKey, stranger.LiveKey })
            (await _host.GetAsync(key, "/v1/audit_log")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await _host.GetAsync(_merchant.LiveKey, "/v1/audit_log?cursor=" + cursor)).Issues.ShouldBe(["cursor"]);
    }

    [Fact]
    public async Task Filters_by_actor_action_object_and_time_and_pages_go_through_all_of_it()
    {
        var first = await PostAsync("/v1/secret_keys", """{"name":"Second key"}""");
        var noon = _host.Clock.GetUtcNow();
        _host.Clock.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 5; i++)
        {
            await _host.PostAsync(first["secret_key"]!, "/v1/customers", "{}");
            _host.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var customer = (await LogAsync())["data.0.object_id"];
        await _host.PatchAsync(_merchant.TestKey, "/v1/customers/" + customer, """{"name":"N"}""");

        (await CountAsync("")).ShouldBe(7);
        (await CountAsync("actor_id=" + first["secret_key_id"])).ShouldBe(5);
        (await CountAsync("actor_type=secret_key")).ShouldBe(7);
        (await CountAsync("actor_type=member")).ShouldBe(0);
        (await CountAsync("action=customer")).ShouldBe(6);
        (await CountAsync("action=customer.updated")).ShouldBe(1);
        (await CountAsync("action=custom")).ShouldBe(0);
        (await CountAsync("object_id=" + customer)).ShouldBe(2);
        (await CountAsync($"end={noon:yyyy-MM-ddTHH:mm:ssZ}&action=secret_key")).ShouldBe(1);
        (await CountAsync($"start={noon.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}")).ShouldBe(6);
        foreach (var (query, issue) in new[] { ("start=x", "start"), ("actor_type=robot", "actor_type"), ("action=", "action"), ("cursor=aud_test_x", "cursor"), ("actor=x", "actor") })
            (await _host.GetAsync(_merchant.TestKey, "/v1/audit_log?" + query)).Issues.ShouldBe([issue]);

        async Task<int> CountAsync(string query)
        {
            var (ids, cursor) = (new List<string>(), "");
            do
            {
                var page = await _host.GetAsync(_merchant.TestKey, $"/v1/audit_log?limit=2&{query}{cursor}");
                page.Status.ShouldBe(200);
                ids.AddRange(page.Body.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("audit_entry_id").GetString()!));
                cursor = page["has_more"] == "true" ? "&cursor=" + page["next_cursor"] : "";
            }
            while (cursor.Length > 0);
            ids.ShouldBeUnique();
            return ids.Count;
        }
    }

    [Fact]
    public async Task A_change_stands_and_is_answered_where_the_log_cannot_be_written()
    {
        _host.Tables.BeforeCommit = table => table == TableNames.AuditLog ? throw new TableStoreException("The log is full.") : Task.CompletedTask;
        var made = await PostAsync("/v1/customers", "{}");
        _host.Tables.BeforeCommit = null;

        made.Status.ShouldBe(201);
        (await _host.GetAsync(_merchant.TestKey, "/v1/customers/" + made["customer_id"])).Status.ShouldBe(200);
        (await LogAsync()).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task An_entry_is_kept_for_400_days()
    {
        await PostAsync("/v1/customers", "{}");
        _host.Clock.Advance(TimeSpan.FromDays(399));
        await CleanAsync();
        (await LogAsync()).Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        _host.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromHours(2));
        await CleanAsync();
        (await LogAsync()).Body.GetProperty("data").GetArrayLength().ShouldBe(0);

        async Task CleanAsync() => await _host.Services.GetRequiredService<CleanUp>().RunAsync(default);
    }

    [Fact]
    public void Every_change_that_the_api_can_make_has_a_name()
    {
        var changes = _host.Services.GetRequiredService<DirectCalls>().Endpoints.Where(one => one.Endpoint.IsChange).ToList();
        changes.Count.ShouldBeGreaterThan(40);
        foreach (var (method, pattern, endpoint) in changes)
        {
            endpoint.Operation.ShouldNotBeNull($"{method} {pattern} is not described");
            var name = ActionNames.Of(endpoint.Operation.Id);
            name.ShouldMatch("^[a-z_]+\\.[a-z]+$", $"{endpoint.Operation.Id}: teach ActionNames its verb");
        }
    }

    private async Task<Answer> LogAsync() => await _host.GetAsync(_merchant.TestKey, "/v1/audit_log?limit=100");

    private Task<Answer> PostAsync(string path, string? json) => _host.PostAsync(_merchant.TestKey, path, json);

    private static IEnumerable<string?> ActionsOf(Answer log) =>
        log.Body.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("action").GetString());
}
