using Lava.Service.Billing.Due;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Customers;

public sealed class CustomerTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task A_new_customer_sits_on_the_Free_plan_and_every_member_has_its_documented_shape()
    {
        var merchant = await host.NewMerchantAsync();
        var made = await host.PostAsync(
            merchant.TestKey, "/v1/customers", """{"reference_id":"u1","name":"Ada King Lovelace","email":"ada@example.com","phone":"+441234567890","metadata":{"tier":{"n":1.50}}}""");
        made.Status.ShouldBe(201);
        made.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["customer_id", "reference_id", "contact", "subscription", "metadata", "created_at"]);
        made["customer_id"]!.ShouldMatch("^con_test_[0-9A-HJKMNP-TV-Z]{26}$");
        (made["contact.first_name"], made["contact.last_name"], made["contact.email"], made["contact.phone"]).ShouldBe(("Ada", "King Lovelace", "ada@example.com", "+441234567890"));
        made["subscription.subscription_id"]!.ShouldMatch("^as_test_[0-9A-HJKMNP-TV-Z]{26}$");
        (made["subscription.plan_id"], made["subscription.name"], made["subscription.status"]).ShouldBe((merchant.Merchant.TestPlanId, "Free", "active"));
        made["metadata"].ShouldBe("""{"tier":{"n":1.50}}""");
        made["created_at"]!.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
    }

    [Fact]
    public async Task What_is_unknown_of_a_customer_is_empty_text_or_null()
    {
        var made = await host.PostAsync(await host.NewKeyAsync(), "/v1/customers", null);
        made.Status.ShouldBe(201);
        (made["reference_id"], made["metadata"]).ShouldBe((null, null));
        made["contact"].ShouldBe("""{"phone":"","email":"","first_name":"","last_name":""}""");
    }

    [Fact]
    public async Task Creating_a_reference_again_returns_the_customer_unchanged()
    {
        var key = await host.NewKeyAsync();
        var first = await host.PostAsync(key, "/v1/customers", """{"reference_id":"u1","name":"Ada"}""");
        var second = await host.PostAsync(key, "/v1/customers", """{"reference_id":"u1","name":"Bob"}""");
        (second.Status, second.Body.GetRawText()).ShouldBe((200, first.Body.GetRawText()));
    }

    [Fact]
    public async Task A_reference_that_many_create_at_once_is_one_customer()
    {
        var key = await host.NewKeyAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.PostAsync(key, "/v1/customers", """{"reference_id":"u1"}""")));
        answers.Count(answer => answer.Status == 201).ShouldBe(1);
        answers.Select(answer => answer["customer_id"]).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("user@example.com", "user@example.com")]
    [InlineData("a b", "a%20b")]
    [InlineData("größe-\U0001F600", "gr%C3%B6%C3%9Fe-%F0%9F%98%80")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a?b#c", "a%3Fb%23c")]
    [InlineData("50%25", "50%2525")]
    [InlineData("a+b", "a+b")]
    public async Task A_reference_stands_wherever_an_id_does(string reference, string inPath)
    {
        var key = await host.NewKeyAsync();
        var id = await host.NewCustomerAsync(key, $$"""{"reference_id":"{{reference}}"}""");
        (await host.GetAsync(key, "/v1/customers/" + inPath))["customer_id"].ShouldBe(id);
        (await host.GetAsync(key, $"/v1/customers/{inPath}/subscription"))["subscription.status"].ShouldBe("active");
        (await host.PatchAsync(key, "/v1/customers/" + inPath, """{"name":"N"}"""))["customer_id"].ShouldBe(id);
        (await host.GetAsync(key, "/v1/customers?reference_id=" + Uri.EscapeDataString(reference)))["data.0.customer_id"].ShouldBe(id);
        (await host.DeleteAsync(key, "/v1/customers/" + inPath))["success"].ShouldBe("true");
    }

    [Fact]
    public async Task An_absent_member_is_kept_a_null_clears_and_metadata_is_replaced()
    {
        var key = await host.NewKeyAsync();
        var id = await host.NewCustomerAsync(key, """{"reference_id":"u1","name":"Ada L","email":"a@example.com","phone":"+441234567890","metadata":{"a":1,"b":2}}""");
        var kept = await host.PatchAsync(key, "/v1/customers/" + id, """{"metadata":{"c":3}}""");
        (kept.Status, kept["reference_id"], kept["contact.email"], kept["contact.first_name"], kept["metadata"]).ShouldBe((200, "u1", "a@example.com", "Ada", """{"c":3}"""));
        var cleared = await host.PatchAsync(key, "/v1/customers/" + id, """{"reference_id":null,"name":null,"email":null,"phone":null,"metadata":null}""");
        (cleared["reference_id"], cleared["contact"], cleared["metadata"]).ShouldBe((null, """{"phone":"","email":"","first_name":"","last_name":""}""", null));
        (await host.GetAsync(key, "/v1/customers/" + id)).Body.GetRawText().ShouldBe(cleared.Body.GetRawText());
        (await host.GetAsync(key, "/v1/customers/u1")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_reference_that_moves_leads_to_its_new_owner_at_once()
    {
        var key = await host.NewKeyAsync();
        var (first, second) = (await host.NewCustomerAsync(key, """{"reference_id":"u1"}"""), await host.NewCustomerAsync(key, """{"reference_id":"u2"}"""));
        var taken = await host.PatchAsync(key, "/v1/customers/" + second, """{"reference_id":"u1"}""");
        (taken.Status, taken.Code).ShouldBe((409, "reference_id_taken"));
        (await host.PatchAsync(key, "/v1/customers/u1", """{"reference_id":"u1"}""")).Status.ShouldBe(200);
        (await host.PatchAsync(key, "/v1/customers/u1", """{"reference_id":"u3"}""")).Status.ShouldBe(200);
        (await host.PatchAsync(key, "/v1/customers/" + second, """{"reference_id":"u1"}""")).Status.ShouldBe(200);
        (await host.GetAsync(key, "/v1/customers/u1"))["customer_id"].ShouldBe(second);
        (await host.GetAsync(key, "/v1/customers/u3"))["customer_id"].ShouldBe(first);
        (await host.GetAsync(key, "/v1/customers/u2")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_deleted_customer_is_gone_and_its_reference_is_free()
    {
        var key = await host.NewKeyAsync();
        var id = await host.NewCustomerAsync(key, """{"reference_id":"u1"}""");
        (await host.DeleteAsync(key, "/v1/customers/u1")).Body.GetRawText().ShouldBe("""{"success":true}""");
        foreach (var (method, path) in new[] { ("GET", ""), ("GET", "/subscription"), ("PATCH", ""), ("DELETE", "") })
        {
            var answer = await host.SendAsync(key, method, $"/v1/customers/{id}{path}");
            (answer.Status, answer.Code).ShouldBe((404, "customer_not_found"));
        }

        (await host.GetAsync(key, "/v1/customers"))["data"].ShouldBe("[]");
        (await host.NewCustomerAsync(key, """{"reference_id":"u1"}""")).ShouldNotBe(id);
    }

    [Fact]
    public async Task Changes_at_the_same_time_are_all_kept()
    {
        var key = await host.NewKeyAsync();
        var id = await host.NewCustomerAsync(key);
        var answers = await Task.WhenAll(
            host.PatchAsync(key, "/v1/customers/" + id, """{"name":"Ada"}"""),
            host.PatchAsync(key, "/v1/customers/" + id, """{"email":"a@example.com"}"""),
            host.PatchAsync(key, "/v1/customers/" + id, """{"phone":"+441234567890"}"""),
            host.PatchAsync(key, "/v1/customers/" + id, """{"reference_id":"u1"}"""));
        answers.ShouldAllBe(answer => answer.Status == 200);
        var end = await host.GetAsync(key, "/v1/customers/u1");
        (end["contact.phone"], end["contact.email"], end["contact.first_name"]).ShouldBe(("+441234567890", "a@example.com", "Ada"));
    }

    [Fact]
    public async Task A_filter_by_reference_finds_that_customer_or_nobody()
    {
        var key = await host.NewKeyAsync();
        var id = await host.NewCustomerAsync(key, """{"reference_id":"u1"}""");
        await host.NewCustomerAsync(key, """{"reference_id":"u2"}""");
        var found = await host.GetAsync(key, "/v1/customers?reference_id=u1");
        (found.Body.GetProperty("data").GetArrayLength(), found["data.0.customer_id"], found["has_more"]).ShouldBe((1, id, "false"));
        (await host.GetAsync(key, "/v1/customers?reference_id=u3"))["data"].ShouldBe("[]");
        (await host.GetAsync(key, "/v1/customers?reference_id="))["data"].ShouldBe("[]");
    }

    [Fact]
    public async Task A_subscription_shows_its_plan_its_credit_and_a_month_from_its_start()
    {
        var merchant = await host.NewMerchantAsync(testCredit: 7.5m);
        var id = await host.NewCustomerAsync(merchant.TestKey);
        var start = host.Clock.GetUtcNow();
        var shown = await host.GetAsync(merchant.TestKey, $"/v1/customers/{id}/subscription");
        shown.Body.GetProperty("subscription").EnumerateObject().Select(member => member.Name).ShouldBe(
            ["subscription_id", "plan_id", "status", "auto_top_up_bundle_id", "started_at", "cancelled_at", "cycle_start_at", "cycle_end_at", "plan", "credits", "pending_change"]);
        shown["subscription.plan"].ShouldBe("""{"name":"Free","period_amount":"0.00","included_credit":"7.50","billing_interval":"month","rollover_type":"none","bundle_rollover_type":"full"}""");
        shown["subscription.credits"].ShouldBe("""{"total_remaining":"7.50","cycle_remaining":"7.50","bundle_remaining":"0.00"}""");
        DateTimeOffset.Parse(shown["subscription.cycle_end_at"]!, System.Globalization.CultureInfo.InvariantCulture).ShouldBe(start.AddMonths(1), TimeSpan.FromMilliseconds(1));
        (shown["subscription.started_at"], shown["subscription.cancelled_at"], shown["subscription.pending_change"]).ShouldBe((shown["subscription.cycle_start_at"], null, null));
    }

    [Fact]
    public async Task A_customer_that_a_dying_server_stored_is_opened_by_the_timer()
    {
        for (var death = 1; ; death++)
        {
            var key = await host.NewKeyAsync();
            var hasDied = await host.DieAtAsync(death, () => host.PostAsync(key, "/v1/customers", "{}"));
            await host.Services.GetRequiredService<DueWork>().RunAsync(CancellationToken.None);
            var customers = (await host.GetAsync(key, "/v1/customers")).Body.GetProperty("data").EnumerateArray().ToList();
            var subscriptions = (await host.GetAsync(key, "/v1/subscriptions")).Body.GetProperty("data").EnumerateArray().ToList();
            subscriptions.Count.ShouldBe(customers.Count, $"death {death}");
            if (!hasDied) break;
        }
    }

    [Fact]
    public async Task A_cycle_follows_the_one_before_and_keeps_the_day_it_began_on()
    {
        var key = await host.NewKeyAsync();
        var now = host.Clock.GetUtcNow();
        host.Clock.Advance(new DateTimeOffset(now.Year + 1, 1, 31, 12, 0, 0, TimeSpan.Zero) - now);
        var id = await host.NewCustomerAsync(key);
        var year = now.Year + 1;
        foreach (var (days, start, end) in new[] { (0, "01-31", "02-28"), (27, "01-31", "02-28"), (1, "02-28", "03-31"), (31, "03-31", "04-30") })
        {
            host.Clock.Advance(TimeSpan.FromDays(days));
            await host.Services.GetRequiredService<DueWork>().RunAsync(CancellationToken.None);
            var shown = await host.GetAsync(key, $"/v1/customers/{id}/subscription");
            if (DateTime.IsLeapYear(year)) continue;
            (shown["subscription.cycle_start_at"], shown["subscription.cycle_end_at"]).ShouldBe(($"{year}-{start}T12:00:00.000Z", $"{year}-{end}T12:00:00.000Z"));
        }
    }
}
