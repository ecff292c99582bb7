using Lava.Core.Keys;
using Lava.Service.Pricing.Meters;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Pricing;

public sealed class MeterTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task A_meter_is_shown_with_numbers_for_starts_text_for_rates_and_the_unit_on_each_tier()
    {
        var key = await host.NewKeyAsync();
        var made = await host.PostAsync(
            key, "/v1/meters", """{"name":"Chat","meter_slug":"chat-1","rate_type":"fixed","tier_type":"tokens_1m","tiers":[{"start":"0","rate":"5"},{"start":"1000000","rate":"0.0014"}]}""");
        made.Status.ShouldBe(201);
        made.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["meter_id", "meter_slug", "name", "rate_type", "tiers", "charges_cached", "created_at"]);
        made["meter_id"]!.ShouldMatch("^meter_test_[0-9A-HJKMNP-TV-Z]{26}$");
        (made["meter_slug"], made["rate_type"]).ShouldBe(("chat-1", "fixed"));
        made["tiers"].ShouldBe("""[{"start":0,"rate":"5.00","type":"tokens_1m"},{"start":1000000,"rate":"0.0014","type":"tokens_1m"}]""");
        (await host.GetAsync(key, "/v1/meters/chat-1")).Body.GetRawText().ShouldBe(made.Body.GetRawText());
        (await host.GetAsync(key, "/v1/meters/" + made["meter_id"])).Body.GetRawText().ShouldBe(made.Body.GetRawText());
    }

    [Theory]
    [InlineData("0.0000001", "0.0000001")]
    [InlineData("1e-7", "0.0000001")]
    [InlineData("2.5E1", "25.00")]
    [InlineData("3", "3.00")]
    public async Task A_rate_may_be_a_json_number_in_any_notation_that_javascript_writes(string number, string shown)
    {
        var made = await host.PostAsync(await host.NewKeyAsync(), "/v1/meters", $$"""{"name":"m","rate_type":"percentage","tier_type":"requests","tiers":[{"start":0,"rate":{{number}}}]}""");
        (made.Status, made.Status == 201 ? made["tiers.0.rate"] : made.Code).ShouldBe((201, shown));
    }

    [Fact]
    public async Task Without_a_slug_the_id_is_the_slug()
    {
        var key = await host.NewKeyAsync();
        var made = await host.PostAsync(key, "/v1/meters", ManagementHost.MeterJson());
        made["meter_slug"].ShouldBe(made["meter_id"]);
        (await host.PatchAsync(key, "/v1/meters/" + made["meter_id"], $$"""{"name":"N","meter_slug":"{{made["meter_id"]}}"}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_slug_belongs_to_one_meter_of_a_merchant()
    {
        var key = await host.NewKeyAsync();
        await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        var taken = await host.PostAsync(key, "/v1/meters", ManagementHost.MeterJson("\"meter_slug\":\"chat\""));
        (taken.Status, taken.Code).ShouldBe((409, "meter_slug_taken"));
        (await host.PostAsync(await host.NewKeyAsync(), "/v1/meters", ManagementHost.MeterJson("\"meter_slug\":\"chat\""))).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("Chat")]
    [InlineData("-chat")]
    [InlineData("_chat")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("größe")]
    [InlineData("a.b")]
    [InlineData("meter_test_01234567890123456789012345")]
    public async Task A_slug_that_could_not_be_reached_or_read_is_refused(string slug)
    {
        var answer = await host.PostAsync(await host.NewKeyAsync(), "/v1/meters", ManagementHost.MeterJson($"\"meter_slug\":\"{slug}\""));
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
        answer.Issues.ShouldBe(["meter_slug"]);
    }

    [Theory]
    [InlineData(255, 201)]
    [InlineData(256, 400)]
    public async Task A_slug_has_at_most_255_characters(int length, int status)
    {
        var key = await host.NewKeyAsync();
        var slug = new string('a', length);
        (await host.PostAsync(key, "/v1/meters", ManagementHost.MeterJson($"\"meter_slug\":\"{slug}\""))).Status.ShouldBe(status);
        (await host.GetAsync(key, "/v1/meters/" + slug)).Status.ShouldBe(status == 201 ? 200 : 404);
    }

    [Fact]
    public async Task Name_and_tiers_change_and_the_rest_never()
    {
        var key = await host.NewKeyAsync();
        await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        var changed = await host.PatchAsync(key, "/v1/meters/chat", """{"name":"New","tiers":[{"start":"0","rate":"9"}]}""");
        (changed["name"], changed["tiers"]).ShouldBe(("New", """[{"start":0,"rate":"9.00","type":"tokens_1m"}]"""));
        foreach (var (member, value) in new[] { ("rate_type", "percentage"), ("tier_type", "minutes"), ("meter_slug", "talk") })
        {
            var refused = await host.PatchAsync(key, "/v1/meters/chat", $$"""{"name":"Other","{{member}}":"{{value}}"}""");
            (refused.Status, refused.Code).ShouldBe((400, "immutable_field"));
            refused.Issues.ShouldBe([member]);
        }

        (await host.GetAsync(key, "/v1/meters/chat")).Body.GetRawText().ShouldBe(changed.Body.GetRawText());
    }

    [Fact]
    public async Task What_was_read_can_be_written_back()
    {
        var key = await host.NewKeyAsync();
        var made = await host.PostAsync(key, "/v1/meters", ManagementHost.MeterJson("\"meter_slug\":\"chat\""));
        var written = await host.PatchAsync(key, "/v1/meters/chat", made.Body.GetRawText());
        (written.Status, written.Body.GetRawText()).ShouldBe((200, made.Body.GetRawText()));
    }

    [Fact]
    public async Task A_meter_charges_for_calls_that_the_cache_answers_unless_it_says_otherwise()
    {
        var key = await host.NewKeyAsync();
        await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        (await host.GetAsync(key, "/v1/meters/chat"))["charges_cached"].ShouldBe("true");
        (await host.PatchAsync(key, "/v1/meters/chat", """{"charges_cached":false}"""))["charges_cached"].ShouldBe("false");
        (await host.PatchAsync(key, "/v1/meters/chat", """{"name":"N","charges_cached":null}"""))["charges_cached"].ShouldBe("false");
        foreach (var wrong in new[] { "\"false\"", "0", "[]", "{}" })
        {
            var refused = await host.PatchAsync(key, "/v1/meters/chat", $$"""{"name":"Other","charges_cached":{{wrong}}}""");
            (refused.Status, refused.Issues.Single()).ShouldBe((400, "charges_cached"));
            (await host.PostAsync(key, "/v1/meters", ManagementHost.MeterJson($"\"charges_cached\":{wrong}"))).Issues.ShouldBe(["charges_cached"]);
        }

        (await host.GetAsync(key, "/v1/meters/chat"))["name"].ShouldBe("N");
        (await host.PostAsync(key, "/v1/meters", ManagementHost.MeterJson("\"charges_cached\":false")))["charges_cached"].ShouldBe("false");
    }

    [Fact]
    public async Task A_meter_cannot_be_deleted_in_its_first_15_seconds_and_frees_its_slug_then()
    {
        var key = await host.NewKeyAsync();
        var id = await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        host.Clock.Advance(TimeSpan.FromSeconds(14.999));
        var early = await host.DeleteAsync(key, "/v1/meters/chat");
        (early.Status, early.Code, early.Header("Retry-After")).ShouldBe((400, "deletion_cooldown", "1"));
        host.Clock.Advance(TimeSpan.FromSeconds(0.001));
        var done = await host.DeleteAsync(key, "/v1/meters/chat");
        (done.Status, done["id"], done["deleted"]).ShouldBe((200, id, "true"));
        foreach (var path in new[] { id, "chat" })
        {
            (await host.GetAsync(key, "/v1/meters/" + path)).Code.ShouldBe("meter_not_found");
            (await host.PatchAsync(key, "/v1/meters/" + path, "{}")).Status.ShouldBe(404);
            (await host.DeleteAsync(key, "/v1/meters/" + path)).Status.ShouldBe(404);
        }

        (await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"")).ShouldNotBe(id);
    }

    [Fact]
    public async Task The_gateways_lookup_sees_a_change_made_here_at_once()
    {
        var merchant = await host.NewMerchantAsync();
        var (store, tenant) = (host.Services.GetRequiredService<MeterStore>(), new Tenant(merchant.Merchant.Id, Mode.Test));
        (await store.FindCachedAsync(tenant, "chat", default)).ShouldBeNull();
        var id = await host.NewMeterAsync(merchant.TestKey, "\"meter_slug\":\"chat\"");
        (await store.FindCachedAsync(tenant, "chat", default))!.Id.ShouldBe(id);
        await host.PatchAsync(merchant.TestKey, "/v1/meters/" + id, """{"name":"New"}""");
        (await store.FindCachedAsync(tenant, "chat", default))!.Name.ShouldBe("New");
        (await store.FindCachedAsync(tenant, id, default))!.Name.ShouldBe("New");
        host.Clock.Advance(TimeSpan.FromSeconds(15));
        await host.DeleteAsync(merchant.TestKey, "/v1/meters/" + id);
        (await store.FindCachedAsync(tenant, "chat", default)).ShouldBeNull();
        (await store.FindCachedAsync(tenant, id, default)).ShouldBeNull();
    }
}
