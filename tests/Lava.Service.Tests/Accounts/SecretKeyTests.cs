using Lava.Core.Keys;
using Lava.Service.Credentials;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Accounts;

public sealed class SecretKeyTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task A_merchant_starts_with_a_key_named_Default_in_each_mode()
    {
        var merchant = await host.NewMerchantAsync();
        foreach (var (key, prefix) in new[] { (merchant.TestKey, "aks_test_"), (merchant.LiveKey, "aks_live_") })
        {
            key.ShouldStartWith(prefix);
            key.Length.ShouldBeGreaterThanOrEqualTo(prefix.Length + 43);
            var list = await host.GetAsync(key, "/v1/secret_keys");
            list.Body.GetProperty("data").GetArrayLength().ShouldBe(1);
            (list["data.0.name"], list["data.0.secret_key_hint"]).ShouldBe(("Default", key[^4..]));
        }
    }

    [Fact]
    public async Task A_raw_key_is_shown_once_works_at_once_and_is_of_its_makers_mode()
    {
        var merchant = await host.NewMerchantAsync();
        foreach (var (key, prefix) in new[] { (merchant.TestKey, "aks_test_"), (merchant.LiveKey, "aks_live_") })
        {
            var made = await host.PostAsync(key, "/v1/secret_keys", """{"name":"CI"}""");
            (made.Status, made["name"]).ShouldBe((201, "CI"));
            made["secret_key"]!.ShouldStartWith(prefix);
            made["secret_key_id"]!.ShouldStartWith("ak_");
            made["secret_key_hint"].ShouldBe(made["secret_key"]![^4..]);
            var list = await host.GetAsync(made["secret_key"]!, "/v1/secret_keys");
            list.Body.GetRawText().ShouldNotContain(made["secret_key"]!);
            list["data.0"]!.ShouldNotContain("\"secret_key\"");
        }
    }

    [Fact]
    public async Task A_key_cannot_be_revoked_in_its_first_15_seconds()
    {
        var key = await host.NewKeyAsync();
        var id = (await host.PostAsync(key, "/v1/secret_keys", """{"name":"x"}"""))["secret_key_id"];
        host.Clock.Advance(TimeSpan.FromSeconds(4.5));
        var early = await host.DeleteAsync(key, "/v1/secret_keys/" + id);
        (early.Status, early.Code, early.Header("Retry-After")).ShouldBe((400, "deletion_cooldown", "11"));
        host.Clock.Advance(TimeSpan.FromSeconds(10.5));
        var done = await host.DeleteAsync(key, "/v1/secret_keys/" + id);
        (done.Status, done["id"], done["deleted"]).ShouldBe((200, id, "true"));
        (await host.DeleteAsync(key, "/v1/secret_keys/" + id)).Code.ShouldBe("secret_key_not_found");
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once_even_when_it_was_just_used()
    {
        var key = await host.NewKeyAsync();
        var made = await host.PostAsync(key, "/v1/secret_keys", """{"name":"x"}""");
        host.Clock.Advance(TimeSpan.FromSeconds(15));
        (await host.GetAsync(made["secret_key"]!, "/v1/wallet")).Status.ShouldBe(200);
        await host.DeleteAsync(key, "/v1/secret_keys/" + made["secret_key_id"]);
        var refused = await host.GetAsync(made["secret_key"]!, "/v1/wallet");
        (refused.Status, refused.Code).ShouldBe((401, "secret_key_invalid"));
    }

    [Fact]
    public async Task A_key_that_is_revoked_while_it_is_being_looked_up_is_not_kept_as_valid()
    {
        var key = await host.NewKeyAsync();
        var made = await host.PostAsync(key, "/v1/secret_keys", """{"name":"x"}""");
        host.Clock.Advance(TimeSpan.FromSeconds(15));
        (await host.GetAsync(key, "/v1/wallet")).Status.ShouldBe(200);
        var (isRead, mayGoOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Tables.AfterGet = async table =>
        {
            if (table != Ports.Tables.TableNames.Credentials) return;
            isRead.TrySetResult();
            await mayGoOn.Task;
        };
        var slow = host.GetAsync(made["secret_key"]!, "/v1/wallet");
        await isRead.Task;
        host.Tables.AfterGet = null;
        (await host.DeleteAsync(key, "/v1/secret_keys/" + made["secret_key_id"])).Status.ShouldBe(200);
        mayGoOn.SetResult();
        await slow;
        (await host.GetAsync(made["secret_key"]!, "/v1/wallet")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_key_may_revoke_itself_but_the_last_one_stays()
    {
        var key = await host.NewKeyAsync();
        var second = await host.PostAsync(key, "/v1/secret_keys", """{"name":"x"}""");
        host.Clock.Advance(TimeSpan.FromSeconds(15));
        (await host.DeleteAsync(second["secret_key"]!, "/v1/secret_keys/" + second["secret_key_id"])).Status.ShouldBe(200);
        (await host.GetAsync(second["secret_key"]!, "/v1/wallet")).Status.ShouldBe(401);
        var last = (await host.GetAsync(key, "/v1/secret_keys"))["data.0.secret_key_id"];
        var refused = await host.DeleteAsync(key, "/v1/secret_keys/" + last);
        (refused.Status, refused.Code).ShouldBe((400, "last_secret_key"));
    }

    [Fact]
    public async Task Two_who_revoke_the_last_two_keys_at_once_leave_one()
    {
        var key = await host.NewKeyAsync();
        var second = (await host.PostAsync(key, "/v1/secret_keys", """{"name":"x"}"""))["secret_key"]!;
        host.Clock.Advance(TimeSpan.FromSeconds(15));
        var list = await host.GetAsync(key, "/v1/secret_keys");
        var answers = await Task.WhenAll(host.DeleteAsync(key, "/v1/secret_keys/" + list["data.0.secret_key_id"]), host.DeleteAsync(second, "/v1/secret_keys/" + list["data.1.secret_key_id"]));
        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        new[] { (await host.GetAsync(key, "/v1/wallet")).Status, (await host.GetAsync(second, "/v1/wallet")).Status }.ShouldBe([200, 401], ignoreOrder: true);
    }

    [Fact]
    public async Task A_mode_has_at_most_100_keys_even_when_many_are_made_at_once()
    {
        var merchant = await host.NewMerchantAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 105).Select(_ => host.PostAsync(merchant.TestKey, "/v1/secret_keys", """{"name":"x"}""")));
        answers.Count(answer => answer.Status == 201).ShouldBe(99);
        answers.Where(answer => answer.Status != 201).ShouldAllBe(answer => answer.Status == 400 && answer.Code == "secret_key_limit_reached");
        (await host.PostAsync(merchant.LiveKey, "/v1/secret_keys", """{"name":"x"}""")).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Authenticating_again_within_seconds_asks_no_store()
    {
        var merchant = await host.NewMerchantAsync();
        var authenticator = host.Services.GetRequiredService<Authenticator>();
        var expected = new Tenant(merchant.Merchant.Id, Mode.Live);
        (await authenticator.AuthenticateAsync(merchant.LiveKey, default))!.Tenant.ShouldBe(expected);
        var read = await host.Tables.RowsReadByAsync(async () =>
        {
            for (var i = 0; i < 100; i++) (await authenticator.AuthenticateAsync(merchant.LiveKey, default))!.Tenant.ShouldBe(expected);
        });
        read.ShouldBe(0);
    }

    [Fact]
    public async Task Authenticating_a_known_key_allocates_nothing()
    {
        var merchant = await host.NewMerchantAsync();
        var authenticator = host.Services.GetRequiredService<Authenticator>();
        await authenticator.AuthenticateAsync(merchant.TestKey, default);
        Allocated(authenticator, merchant.TestKey);
        Allocated(authenticator, merchant.TestKey).ShouldBe(0);

        static long Allocated(Authenticator authenticator, string key)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++)
            {
                if (!IsKnown(authenticator.AuthenticateAsync(key, default))) return -1;
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        static bool IsKnown(ValueTask<SecretKeyIdentity?> answer) => answer.IsCompletedSuccessfully && answer.Result is not null;
    }

    [Theory]
    [InlineData("")]
    [InlineData("aks_")]
    [InlineData("aks_test_short")]
    [InlineData("aks_test_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq")]
    [InlineData("sk-proj-somebody-elses")]
    [InlineData("aks_test_\ud800")]
    public async Task What_is_no_key_of_ours_authenticates_nobody(string raw) =>
        (await host.Services.GetRequiredService<Authenticator>().AuthenticateAsync(raw, default)).ShouldBeNull();
}
