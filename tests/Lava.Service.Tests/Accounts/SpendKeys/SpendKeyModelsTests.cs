using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Accounts.SpendKeys;

public sealed class SpendKeyModelsTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task A_key_without_lists_sees_what_everybody_sees()
    {
        var made = await host.NewSpendKeyAsync(await host.NewKeyAsync());
        (await host.GetAsync(made["key"]!, "/v1/models")).Body.GetRawText().ShouldBe((await host.GetAsync("", "/v1/models")).Body.GetRawText());
    }

    [Theory]
    [InlineData("\"allowed_models\":[\"gpt-4o-mini\"]")]
    [InlineData("\"allowed_providers\":[\"anthropic\"]")]
    [InlineData("\"allowed_models\":[\"openai/gpt-4o-mini\",\"anthropic/claude-haiku-4-5\"]")]
    [InlineData("\"allowed_models\":[\"gpt-4o-mini\",\"claude-haiku-4-5\"],\"allowed_providers\":[\"anthropic\"]")]
    [InlineData("\"allowed_models\":[\"openai/gpt-4o-mini\"],\"allowed_providers\":[\"anthropic\"]")]
    [InlineData("\"allowed_models\":[\"nobodys-model\"]")]
    public async Task A_key_with_lists_sees_what_both_of_them_let_it_use_and_nothing_else(string members)
    {
        var made = await host.NewSpendKeyAsync(await host.NewKeyAsync(), members);
        var all = await ModelsAsync("");
        var models = Names(made, "allowed_models");
        var providers = Names(made, "allowed_providers");
        var expected = all.Where(model => (models is null || models.Contains(model.Id) || models.Contains($"{model.Owner}/{model.Id}")) && (providers is null || providers.Contains(model.Owner))).ToList();
        (await ModelsAsync(made["key"]!)).ShouldBe(expected);
        expected.Count.ShouldBeLessThan(all.Count);
    }

    [Fact]
    public async Task One_model_is_shown_by_its_name_to_those_who_may_use_it()
    {
        var made = await host.NewSpendKeyAsync(await host.NewKeyAsync(), "\"allowed_models\":[\"openai/gpt-4o-mini\"]");
        foreach (var (credential, name, owner) in new[] { ("", "claude-sonnet-4-6", "anthropic"), ("", "bedrock%2Fanthropic.claude-sonnet-4-6", "bedrock"), (made["key"]!, "gpt-4o-mini", "openai"), (made["key"]!, "openai%2Fgpt-4o-mini", "openai") })
        {
            var shown = await host.GetAsync(credential, "/v1/models/" + name);
            (shown.Status, shown["id"], shown["object"], shown["owned_by"]).ShouldBe((200, name.Split("%2F")[^1], "model", owner));
        }

        foreach (var (credential, name) in new[] { ("", "nobodys-model"), (made["key"]!, "claude-sonnet-4-6") })
        {
            var unknown = await host.GetAsync(credential, "/v1/models/" + name);
            (unknown.Status, unknown.Code).ShouldBe((404, "model_not_found"));
        }

        (await host.GetAsync("aks_test_nobody", "/v1/models/gpt-4o-mini")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task New_lists_are_seen_at_once()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key, "\"allowed_providers\":[\"anthropic\"]");
        (await ModelsAsync(made["key"]!)).ShouldAllBe(model => model.Owner == "anthropic");
        await host.PutAsync(key, $"{SpendKeyHttp.Path}/{made["spend_key_id"]}", """{"allowed_providers":["openai"]}""");
        var models = await ModelsAsync(made["key"]!);
        models.ShouldNotBeEmpty();
        models.ShouldAllBe(model => model.Owner == "openai");
    }

    [Fact]
    public async Task The_key_may_come_where_anthropics_clients_put_it()
    {
        var made = await host.NewSpendKeyAsync(await host.NewKeyAsync(), "\"allowed_providers\":[\"anthropic\"]");
        var answer = await host.SendAsync("", "GET", "/v1/models", null, ("x-api-key", made["key"]!));
        answer.Body.GetProperty("data").EnumerateArray().ShouldAllBe(model => model.GetProperty("owned_by").GetString() == "anthropic");
    }

    [Fact]
    public async Task An_expired_key_is_refused_from_its_last_moment_on_and_serves_again_with_a_later_end()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key, $"\"expires_at\":\"{host.Clock.GetUtcNow().AddSeconds(1):yyyy-MM-ddTHH:mm:ss.fffffffZ}\"");
        (await host.IsAliveAsync(made["key"]!)).ShouldBeTrue();
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var refused = await host.GetAsync(made["key"]!, "/v1/models");
        (refused.Status, refused.Code).ShouldBe((401, "spend_key_invalid"));
        await host.PutAsync(key, $"{SpendKeyHttp.Path}/{made["spend_key_id"]}", """{"expires_at":null}""");
        (await host.IsAliveAsync(made["key"]!)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_paused_key_still_sees_its_models()
    {
        var made = await host.NewSpendKeyAsync(await host.NewKeyAsync(), "\"status\":\"paused\"");
        (await host.IsAliveAsync(made["key"]!)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("lava_sk_", "spend_key_invalid")]
    [InlineData("lava_sk_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq", "spend_key_invalid")]
    [InlineData("aks_test_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq", "secret_key_invalid")]
    public async Task A_bad_credential_is_told_so(string credential, string code)
    {
        var answer = await host.GetAsync(credential, "/v1/models");
        (answer.Status, answer.Code).ShouldBe((401, code));
    }

    private async Task<IReadOnlyList<(string Id, string Owner)>> ModelsAsync(string credential) =>
        [.. (await host.GetAsync(credential, "/v1/models")).Body.GetProperty("data").EnumerateArray().Select(model => (model.GetProperty("id").GetString()!, model.GetProperty("owned_by").GetString()!))];

    private static List<string>? Names(Answer made, string member) =>
        made.Body.GetProperty(member) is { ValueKind: System.Text.Json.JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(name => name.GetString()!)] : null;
}
