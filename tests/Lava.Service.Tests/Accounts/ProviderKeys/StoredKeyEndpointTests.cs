using System.Text;

namespace Lava.Service.Tests.Accounts.ProviderKeys;

/// <summary><c>/v1/provider_keys</c>: what is taken, what is shown, and to whom.</summary>
public sealed class StoredKeyEndpointTests(StoredKeyWorld world) : IClassFixture<StoredKeyWorld>
{
    private const string Path = StoredKeyWorld.Route;

    [Fact]
    public async Task Keys_are_shown_by_their_last_four_characters_and_short_ones_not_at_all()
    {
        var key = (await world.NewMerchantAsync()).TestKey;
        var set = await world.SetAsync(key, "OpenAI", StoredKeyWorld.First, "short", "fifteen-letters", "sixteen-letters!");
        set.Status.ShouldBe(200, set.Body.ToString());
        set.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["provider", "key_previews", "created_at", "updated_at"]);
        (set["provider"], set["key_previews"]).ShouldBe(("openai", """["hant",null,null,"ers!"]"""));
        set["created_at"].ShouldBe(set["updated_at"]);

        await world.SetAsync(key, "anthropic", StoredKeyWorld.Second);
        var shown = await world.SendAsync(key, "GET", Path + "/openai");
        shown.Body.ToString().ShouldBe(set.Body.ToString());
        var list = await world.SendAsync(key, "GET", Path);
        list.Body.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("provider").GetString()).ShouldBe(["anthropic", "openai"]);
        var page = await world.SendAsync(key, "GET", Path + "?limit=1");
        (page["data.0.provider"], page["has_more"], page["next_cursor"]).ShouldBe(("anthropic", "true", "anthropic"));
        var rest = await world.SendAsync(key, "GET", Path + "?limit=1&cursor=anthropic");
        (rest["data.0.provider"], rest["has_more"]).ShouldBe(("openai", "false"));
        foreach (var answer in new[] { set, shown, list, page, rest })
        {
            foreach (var secret in new[] { StoredKeyWorld.First, StoredKeyWorld.Second, "short", "fifteen-letters", "merchant-keys-" }) answer.Body.ToString().ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task Setting_again_replaces_the_keys_and_leaves_one_secret_of_a_new_name()
    {
        var key = (await world.NewMerchantAsync()).TestKey;
        await world.SetAsync(key, "groq", "an-old-key-of-groq-1", "an-old-key-of-groq-2");
        var made = await world.SendAsync(key, "GET", Path + "/groq");
        world.Clock.Advance(TimeSpan.FromMinutes(3));
        for (var i = 0; i < 2; i++)
        {
            var set = await world.SetAsync(key, "groq", "a-new-key-of-groq");
            (set["created_at"], set["key_previews"]).ShouldBe((made["created_at"], """["groq"]"""));
            set["updated_at"].ShouldNotBe(made["updated_at"]);
        }

        world.Vault.MerchantKeys.Count(secret => secret.Contains("key-of-groq", StringComparison.Ordinal)).ShouldBe(1);
        world.Vault.MerchantKeys.ShouldContain("a-new-key-of-groq");
        (await world.SendAsync(key, "DELETE", Path + "/groq")).Body.ToString().ShouldBe("""{"id":"groq","deleted":true}""");
        world.Vault.MerchantKeys.ShouldNotContain("a-new-key-of-groq");
        foreach (var method in new[] { "GET", "DELETE" })
        {
            var gone = await world.SendAsync(key, method, Path + "/groq");
            (gone.Status, gone.Code).ShouldBe((404, "provider_key_not_found"));
        }
    }

    [Theory]
    [InlineData("{}", "keys")]
    [InlineData("""{"keys":null}""", "keys")]
    [InlineData("""{"keys":"sk-secret"}""", "keys")]
    [InlineData("""{"keys":[]}""", "keys")]
    [InlineData("""{"keys":{"a":"sk-secret"}}""", "keys")]
    [InlineData("""{"keys":["1","2","3","4","5","6","7","8","9","10","11"]}""", "keys")]
    [InlineData("""{"keys":["sk-secret",""]}""", "keys.1")]
    [InlineData("""{"keys":[7]}""", "keys.0")]
    [InlineData("""{"keys":[null]}""", "keys.0")]
    [InlineData("""{"keys":[["sk-secret"]]}""", "keys.0")]
    [InlineData("""{"keys":["sk secret"]}""", "keys.0")]
    [InlineData("""{"keys":["sk-secret\n"]}""", "keys.0")]
    [InlineData("""{"keys":["sk-secret\r\nx-other: 1"]}""", "keys.0")]
    [InlineData("""{"keys":["sk-\u0000secret"]}""", "keys.0")]
    [InlineData("""{"keys":["sk-secr\u00e9t"]}""", "keys.0")]
    [InlineData("""{"keys":["sk-secret","other","sk-secret"]}""", "keys.2")]
    public async Task A_wrong_list_is_named_by_place_and_changes_nothing(string body, string issue)
    {
        var key = (await world.NewMerchantAsync()).TestKey;
        await world.SetAsync(key, "openai", StoredKeyWorld.First);
        var before = (await world.SendAsync(key, "GET", Path)).Body.ToString();
        var secrets = world.Vault.Stored.Count;
        var refused = await world.SendAsync(key, "PUT", Path + "/openai", body);
        (refused.Status, refused.Code).ShouldBe((400, "validation_error"));
        refused.Issues.ShouldBe([issue]);
        refused.Body.ToString().ShouldNotContain("secret");
        (await world.SendAsync(key, "GET", Path)).Body.ToString().ShouldBe(before);
        world.Vault.Stored.Count.ShouldBe(secrets);
    }

    [Fact]
    public async Task Ten_keys_of_the_greatest_length_are_taken_and_one_character_more_is_not()
    {
        var key = (await world.NewMerchantAsync()).TestKey;
        var keys = Enumerable.Range(0, 10).Select(i => new string((char)('a' + i), 2_048)).ToArray();
        (await world.SetAsync(key, "openai", keys)).Status.ShouldBe(200);
        world.Vault.MerchantKeys.ShouldContain(string.Join('\n', keys));
        Encoding.UTF8.GetByteCount(string.Join('\n', keys)).ShouldBeLessThan(25_000);
        (await world.SetAsync(key, "openai", keys[0] + "a")).Issues.ShouldBe(["keys.0"]);
    }

    [Theory]
    [InlineData("PUT", "nobody", 404, "provider_not_found")]
    [InlineData("PUT", "OpenAI%2F", 404, "provider_not_found")]
    [InlineData("PUT", "..%2Fopenai", 404, "provider_not_found")]
    [InlineData("GET", "nobody", 404, "provider_key_not_found")]
    [InlineData("GET", "a%23b%3Fc%2F%5C", 404, "provider_key_not_found")]
    [InlineData("GET", "%F0%9F%98%80", 404, "provider_key_not_found")]
    [InlineData("DELETE", "openai", 404, "provider_key_not_found")]
    [InlineData("DELETE", "~", 404, "provider_key_not_found")]
    [InlineData("POST", "openai", 405, "method_not_allowed")]
    [InlineData("PATCH", "openai", 405, "method_not_allowed")]
    public async Task What_is_not_there_is_refused(string method, string provider, int status, string code)
    {
        var answer = await world.SendAsync((await world.NewMerchantAsync()).TestKey, method, $"{Path}/{provider}", method == "DELETE" ? null : """{"keys":["sk-secret-of-a-merchant"]}""");
        (answer.Status, answer.Code).ShouldBe((status, code));
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?cursor=Not-an-id", "cursor")]
    public async Task A_page_that_is_none_is_refused(string query, string issue) =>
        (await world.SendAsync((await world.NewMerchantAsync()).TestKey, "GET", Path + query)).Issues.ShouldBe([issue]);

    [Fact]
    public async Task Only_a_secret_key_manages_them()
    {
        var key = (await world.NewMerchantAsync()).TestKey;
        await world.SetAsync(key, "openai", StoredKeyWorld.First);
        var spendKey = (await world.SendAsync(key, "POST", "/v1/spend_keys", """{"name":"Agent"}"""))["key"]!;
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{key}}"}"""));
        foreach (var credential in new[] { "", spendKey, token, "aks_test_unknown" })
        {
            foreach (var (method, path) in new[] { ("GET", Path), ("GET", Path + "/openai"), ("PUT", Path + "/openai"), ("DELETE", Path + "/openai") })
                (await world.SendAsync(credential, method, path, """{"keys":["another-key-than-theirs"]}""")).Status.ShouldBe(401, $"{method} {path} {credential}");
        }

        (await world.SendAsync(key, "GET", Path + "/openai"))["key_previews"].ShouldBe("""["hant"]""");
    }

    [Fact]
    public async Task Neither_another_merchant_nor_the_other_mode_sees_uses_or_deletes_them()
    {
        var owner = await world.NewMerchantAsync();
        var other = await world.NewMerchantAsync();
        await world.SetAsync(owner.TestKey, "openai", StoredKeyWorld.First);
        foreach (var stranger in new[] { owner.LiveKey, other.TestKey, other.LiveKey })
        {
            (await world.SendAsync(stranger, "GET", Path)).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
            (await world.SendAsync(stranger, "GET", Path + "/openai")).Status.ShouldBe(404);
            (await world.SendAsync(stranger, "DELETE", Path + "/openai")).Status.ShouldBe(404);
            if (stranger == other.TestKey) (await world.CallAsync(stranger)).Keys.ShouldBe([StoredKeyWorld.Managed]);
        }

        // Each has its own, and one does not replace the other's.
        await world.SetAsync(owner.LiveKey, "openai", StoredKeyWorld.Second);
        await world.SetAsync(other.TestKey, "openai", "sk-of-the-other-merchant");
        (await world.CallAsync(owner.TestKey)).Keys.ShouldBe([StoredKeyWorld.First]);
        (await world.CallAsync(owner.LiveKey)).Keys.ShouldBe([StoredKeyWorld.Second]);
        (await world.CallAsync(other.TestKey)).Keys.ShouldBe(["sk-of-the-other-merchant"]);
    }
}
