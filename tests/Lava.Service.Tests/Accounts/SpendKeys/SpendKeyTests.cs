using System.Globalization;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Accounts.SpendKeys;

public sealed class SpendKeyTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private const string Everything =
        """
        "status":"paused","request_shape":"anthropic","allowed_models":["m1","p/m2"],"allowed_providers":["openai"],"spend_limit":{"amount":"50","cycle":"weekly"},
        "request_limit":{"count":9999999,"cycle":"daily"},"rate_limit":{"rpm":60,"burst":5},"expires_at":"2027-01-31T10:00:00+02:00"
        """;

    [Fact]
    public async Task A_key_of_which_only_the_name_is_said_is_active_speaks_openai_and_has_no_limits()
    {
        var merchant = await host.NewMerchantAsync();
        var made = await host.NewSpendKeyAsync(merchant.TestKey);
        made.Status.ShouldBe(201);
        made["key"]!.ShouldMatch("^lava_sk_[A-Za-z0-9_-]{43,}$");
        made["key_preview"].ShouldBe(made["key"]![..16] + "****");
        made["spend_key_id"]!.ShouldMatch("^spk_test_[0-9A-HJKMNP-TV-Z]{26}$");
        made["wallet_id"].ShouldBe((await host.GetAsync(merchant.TestKey, "/v1/wallet"))["wallet_id"]);
        (made["name"], made["status"], made["request_shape"]).ShouldBe(("Agent", "active", "openai"));
        foreach (var member in new[] { "allowed_models", "allowed_providers", "spend_limit", "request_limit", "rate_limit", "expires_at", "last_used_at" }) made[member].ShouldBeNull(member);
        (made["current_spend"], made["total_spend"], made["current_requests"], made["total_requests"]).ShouldBe(("0.00", "0.00", "0", "0"));
        made["created_at"].ShouldBe(host.Clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Every_member_is_kept_and_shown_by_create_get_and_list_alike_but_the_raw_key()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key, Everything);
        (made["status"], made["request_shape"], made["allowed_models"], made["allowed_providers"]).ShouldBe(("paused", "anthropic", """["m1","p/m2"]""", """["openai"]"""));
        (made["spend_limit"], made["request_limit"]).ShouldBe(("""{"amount":"50.00","cycle":"weekly"}""", """{"count":9999999,"cycle":"daily"}"""));
        (made["rate_limit"], made["expires_at"]).ShouldBe(("""{"rpm":60,"burst":5}""", "2027-01-31T08:00:00.000Z"));
        var shown = (await host.GetAsync(key, $"{SpendKeyHttp.Path}/{made["spend_key_id"]}")).Body.GetRawText();
        shown.ShouldBe(made.Body.GetRawText().Replace($",\"key\":\"{made["key"]}\"", "", StringComparison.Ordinal));
        (await host.GetAsync(key, SpendKeyHttp.Path))["data.0"].ShouldBe(shown);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task An_update_changes_what_it_names_and_keeps_the_rest_the_raw_key_included(string method)
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key, Everything);
        var path = $"{SpendKeyHttp.Path}/{made["spend_key_id"]}";
        var before = (await host.GetAsync(key, path)).Body.GetRawText();
        (await host.SendAsync(key, method, path, "{}"u8.ToArray())).Body.GetRawText().ShouldBe(before);

        var changed = await host.SendAsync(key, method, path, """{"name":"Other","status":"active","rate_limit":{"rpm":1},"spend_key_id":"spk_x","key_preview":"x"}"""u8.ToArray());
        changed.Status.ShouldBe(200);
        changed.Body.GetRawText().ShouldBe(before
            .Replace("\"name\":\"Agent\"", "\"name\":\"Other\"", StringComparison.Ordinal)
            .Replace("\"status\":\"paused\"", "\"status\":\"active\"", StringComparison.Ordinal)
            .Replace("""{"rpm":60,"burst":5}""", """{"rpm":1,"burst":null}""", StringComparison.Ordinal));
        (await host.GetAsync(key, path)).Body.GetRawText().ShouldBe(changed.Body.GetRawText());
        (await host.IsAliveAsync(made["key"]!)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("allowed_models")]
    [InlineData("allowed_providers")]
    [InlineData("spend_limit")]
    [InlineData("request_limit")]
    [InlineData("rate_limit")]
    [InlineData("expires_at")]
    public async Task Null_removes_a_limit_and_no_other(string member)
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key, Everything);
        var changed = await host.PutAsync(key, $"{SpendKeyHttp.Path}/{made["spend_key_id"]}", $$"""{"{{member}}":null}""");
        changed.Status.ShouldBe(200);
        foreach (var other in new[] { "allowed_models", "allowed_providers", "spend_limit", "request_limit", "rate_limit", "expires_at" })
            changed[other].ShouldBe(other == member ? null : made[other], other);
    }

    [Fact]
    public async Task Two_updates_at_once_of_different_members_both_hold()
    {
        var key = await host.NewKeyAsync();
        var path = $"{SpendKeyHttp.Path}/{(await host.NewSpendKeyAsync(key))["spend_key_id"]}";
        await Task.WhenAll(
            host.PutAsync(key, path, """{"name":"Both"}"""), host.PutAsync(key, path, """{"status":"paused"}"""), host.PutAsync(key, path, """{"request_shape":"anthropic"}"""),
            host.PutAsync(key, path, """{"rate_limit":{"rpm":7}}"""));
        var shown = await host.GetAsync(key, path);
        (shown["name"], shown["status"], shown["request_shape"], shown["rate_limit.rpm"]).ShouldBe(("Both", "paused", "anthropic", "7"));
    }

    [Fact]
    public async Task The_older_address_serves_the_same_keys()
    {
        const string old = "/v1/manage/spend_keys";
        var key = await host.NewKeyAsync();
        var made = await host.PostAsync(key, old, """{"name":"Old"}""");
        var id = made["spend_key_id"];
        (await host.GetAsync(key, $"{SpendKeyHttp.Path}/{id}"))["name"].ShouldBe("Old");
        (await host.PutAsync(key, $"{old}/{id}", """{"name":"New"}""")).Status.ShouldBe(200);
        (await host.PatchAsync(key, $"{old}/{id}", """{"status":"paused"}""")).Status.ShouldBe(200);
        (await host.GetAsync(key, old))["data.0.name"].ShouldBe("New");
        (await host.PostAsync(key, $"{old}/{id}/rotate", null)).Status.ShouldBe(200);
        (await host.DeleteAsync(key, $"{old}/{id}"))["success"].ShouldBe("true");
        (await host.GetAsync(key, $"{SpendKeyHttp.Path}/{id}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Pages_show_every_living_key_once_and_newest_first()
    {
        var key = await host.NewKeyAsync();
        var made = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            host.Clock.Advance(TimeSpan.FromMilliseconds(1));
            made.Insert(0, (await host.NewSpendKeyAsync(key))["spend_key_id"]!);
        }

        await host.DeleteAsync(key, $"{SpendKeyHttp.Path}/{made[4]}");
        made.RemoveAt(4);
        foreach (var limit in new[] { 1, 5, 11, 100 })
        {
            var seen = new List<string>();
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await host.GetAsync(key, $"{SpendKeyHttp.Path}?limit={limit}{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
                seen.AddRange(page.Body.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("spend_key_id").GetString()!));
                cursor = page.Body.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
                page["has_more"].ShouldBe(cursor is null ? "false" : "true");
            }

            seen.ShouldBe(made, $"limit {limit}");
        }
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=spk_live_01HZZZZZZZZZZZZZZZZZZZZZZZ", "cursor")]
    [InlineData("cursor=con_test_01HZZZZZZZZZZZZZZZZZZZZZZZ", "cursor")]
    public async Task A_page_that_the_list_does_not_have_is_refused(string query, string issue)
    {
        var answer = await host.GetAsync(await host.NewKeyAsync(), $"{SpendKeyHttp.Path}?{query}");
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
        answer.Issues.ShouldBe([issue]);
    }

    [Fact]
    public async Task A_revoked_key_is_dead_at_once_unlisted_and_cannot_be_touched_again()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key);
        var path = $"{SpendKeyHttp.Path}/{made["spend_key_id"]}";
        (await host.IsAliveAsync(made["key"]!)).ShouldBeTrue();
        var gone = await host.DeleteAsync(key, path);
        (gone.Status, gone.Body.GetRawText()).ShouldBe((200, """{"success":true}"""));

        var refused = await host.GetAsync(made["key"]!, "/v1/models");
        (refused.Status, refused.Code).ShouldBe((401, "spend_key_invalid"));
        (await host.GetAsync(key, SpendKeyHttp.Path)).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        foreach (var (method, at) in new[] { ("GET", path), ("PUT", path), ("PATCH", path), ("DELETE", path), ("POST", path + "/rotate") })
        {
            var answer = await host.SendAsync(key, method, at, method is "PUT" or "PATCH" ? """{"status":"active"}"""u8.ToArray() : null);
            (answer.Status, answer.Code).ShouldBe((404, "spend_key_not_found"), $"{method} {at}");
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("spk_test_")]
    [InlineData("spk_test_01HZZZZZZZZZZZZZZZZZZZZZZZ")]
    [InlineData("con_test_01HZZZZZZZZZZZZZZZZZZZZZZZ")]
    [InlineData("spk_test_01HZZZZZZZZZZZZZZZZZZZZZZ%7C")]
    public async Task An_id_of_no_key_is_not_found(string id)
    {
        var key = await host.NewKeyAsync();
        foreach (var (method, path) in new[] { ("GET", id), ("PUT", id), ("DELETE", id), ("POST", id + "/rotate") })
            (await host.SendAsync(key, method, $"{SpendKeyHttp.Path}/{path}")).Code.ShouldBe("spend_key_not_found", method);
    }

    [Fact]
    public async Task Four_tenants_never_see_or_touch_each_others_keys()
    {
        var (first, second) = (await host.NewMerchantAsync(), await host.NewMerchantAsync());
        var owners = new[] { first.TestKey, first.LiveKey, second.TestKey, second.LiveKey };
        var made = new List<Answer>();
        foreach (var owner in owners) made.Add(await host.NewSpendKeyAsync(owner));
        foreach (var (index, owner) in owners.Index())
        {
            var list = await host.GetAsync(owner, SpendKeyHttp.Path);
            list.Body.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("spend_key_id").GetString()).ShouldBe([made[index]["spend_key_id"]]);
            foreach (var other in made.Where((_, at) => at != index))
            {
                var path = $"{SpendKeyHttp.Path}/{other["spend_key_id"]}";
                foreach (var (method, at) in new[] { ("GET", path), ("PUT", path), ("PATCH", path), ("DELETE", path), ("POST", path + "/rotate") })
                    (await host.SendAsync(owner, method, at, method is "PUT" or "PATCH" ? """{"name":"stolen"}"""u8.ToArray() : null)).Status.ShouldBe(404, $"{method} {at}");
            }
        }

        made.Select(key => key["wallet_id"]).Distinct().Count().ShouldBe(4);
        foreach (var key in made) (await host.IsAliveAsync(key["key"]!)).ShouldBeTrue();
    }
}
