using System.Text;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Credentials;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Accounts.SpendKeys;

public sealed class SpendKeyRotationTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task A_rotation_gives_another_value_keeps_all_else_and_kills_the_old_value_even_when_it_was_just_used()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key, "\"allowed_models\":[\"gpt-4o-mini\"],\"spend_limit\":{\"amount\":\"5\",\"cycle\":\"total\"}");
        (await host.IsAliveAsync(made["key"]!)).ShouldBeTrue();
        var rotated = await host.RotateAsync(key, made["spend_key_id"]!);
        rotated.Status.ShouldBe(200);
        rotated["key"]!.ShouldMatch("^lava_sk_[A-Za-z0-9_-]{43,}$");
        rotated["key"].ShouldNotBe(made["key"]);
        rotated["key_preview"].ShouldBe(rotated["key"]![..16] + "****");
        foreach (var member in made.Body.EnumerateObject().Select(member => member.Name).Except(["key", "key_preview"])) rotated[member].ShouldBe(made[member], member);

        (await host.GetAsync(made["key"]!, "/v1/models")).Code.ShouldBe("spend_key_invalid");
        (await host.IsAliveAsync(rotated["key"]!)).ShouldBeTrue();
        (await host.RotateAsync(key, made["spend_key_id"]!)).Status.ShouldBe(200);
        (await host.IsAliveAsync(rotated["key"]!)).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_many_rotations_at_once_the_last_ones_value_works_and_no_other()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.RotateAsync(key, made["spend_key_id"]!)));
        answers.ShouldAllBe(answer => answer.Status == 200);
        var alive = new List<string>();
        foreach (var raw in answers.Select(answer => answer["key"]!).Append(made["key"]!))
        {
            if (await host.IsAliveAsync(raw)) alive.Add(raw);
        }

        alive.Count.ShouldBe(1);
        (await host.GetAsync(key, $"{SpendKeyHttp.Path}/{made["spend_key_id"]}"))["key_preview"].ShouldBe(alive[0][..16] + "****");
    }

    [Fact]
    public async Task A_rotation_and_an_update_at_once_both_hold()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key);
        var path = $"{SpendKeyHttp.Path}/{made["spend_key_id"]}";
        var rotating = host.RotateAsync(key, made["spend_key_id"]!);
        await Task.WhenAll(rotating, host.PutAsync(key, path, """{"status":"paused","rate_limit":{"rpm":9}}"""));
        var shown = await host.GetAsync(key, path);
        (shown["status"], shown["rate_limit.rpm"], shown["key_preview"]).ShouldBe(("paused", "9", (await rotating)["key_preview"]));
        (await host.IsAliveAsync(made["key"]!)).ShouldBeFalse();
        (await host.IsAliveAsync((await rotating)["key"]!)).ShouldBeTrue();
    }

    [Fact]
    public async Task Of_a_rotation_and_a_revocation_at_once_no_value_survives()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key);
        var rotating = host.RotateAsync(key, made["spend_key_id"]!);
        (await host.DeleteAsync(key, $"{SpendKeyHttp.Path}/{made["spend_key_id"]}")).Status.ShouldBe(200);
        if ((await rotating).Status == 200) (await host.IsAliveAsync((await rotating)["key"]!)).ShouldBeFalse();
        (await host.IsAliveAsync(made["key"]!)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_rotation_that_dies_before_the_keys_row_is_written_leaves_the_old_value_working_and_can_be_repeated()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key);
        (await DyingAfterAsync(TableNames.Credentials, () => host.RotateAsync(key, made["spend_key_id"]!))).Status.ShouldBe(503);
        (await host.IsAliveAsync(made["key"]!)).ShouldBeTrue();
        (await host.GetAsync(key, $"{SpendKeyHttp.Path}/{made["spend_key_id"]}"))["key_preview"].ShouldBe(made["key_preview"]);
        var rotated = await host.RotateAsync(key, made["spend_key_id"]!);
        (await host.IsAliveAsync(made["key"]!), await host.IsAliveAsync(rotated["key"]!)).ShouldBe((false, true));
    }

    [Fact]
    public async Task A_rotation_that_dies_once_the_keys_row_is_written_has_killed_the_old_value()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key);
        (await host.IsAliveAsync(made["key"]!)).ShouldBeTrue();
        (await DyingAfterAsync(TableNames.Resources, () => host.RotateAsync(key, made["spend_key_id"]!))).Status.ShouldBe(503);
        (await host.IsAliveAsync(made["key"]!)).ShouldBeFalse();
        var rotated = await host.RotateAsync(key, made["spend_key_id"]!);
        (await host.IsAliveAsync(made["key"]!), await host.IsAliveAsync(rotated["key"]!)).ShouldBe((false, true));
    }

    [Fact]
    public async Task A_revocation_whose_answer_gets_lost_holds()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key);
        (await host.IsAliveAsync(made["key"]!)).ShouldBeTrue();
        (await DyingAfterAsync(TableNames.Resources, () => host.DeleteAsync(key, $"{SpendKeyHttp.Path}/{made["spend_key_id"]}"))).Status.ShouldBe(503);
        (await host.IsAliveAsync(made["key"]!)).ShouldBeFalse();
        (await host.DeleteAsync(key, $"{SpendKeyHttp.Path}/{made["spend_key_id"]}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_key_that_is_made_half_authenticates_nobody_and_is_not_listed()
    {
        var key = await host.NewKeyAsync();
        (await DyingAfterAsync(TableNames.Credentials, () => host.NewSpendKeyAsync(key))).Status.ShouldBe(503);
        (await host.GetAsync(key, SpendKeyHttp.Path)).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_key_that_is_rotated_while_it_is_being_looked_up_is_not_kept_as_valid()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key);
        var (isRead, mayGoOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Tables.AfterGet = async table =>
        {
            if (table != TableNames.Resources) return;
            isRead.TrySetResult();
            await mayGoOn.Task;
        };
        var slow = host.GetAsync(made["key"]!, "/v1/models");
        await isRead.Task;
        host.Tables.AfterGet = null;
        (await host.RotateAsync(key, made["spend_key_id"]!)).Status.ShouldBe(200);
        mayGoOn.SetResult();
        await slow;
        (await host.IsAliveAsync(made["key"]!)).ShouldBeFalse();
    }

    [Fact]
    public async Task Another_instance_learns_of_a_rotation_and_of_settings_within_the_time_that_it_keeps_answers()
    {
        var merchant = await host.NewMerchantAsync();
        var made = await host.NewSpendKeyAsync(merchant.TestKey);
        var other = new SpendKeyStore(host.Tables, new GuessBrake(host.Clock), host.Clock);
        var known = (await other.AuthenticateAsync(made["key"]!, default))!;
        (known.Tenant, known.Key.Id, known.Key.IsPaused).ShouldBe((merchant.Test(), made["spend_key_id"], false));

        await host.PutAsync(merchant.TestKey, $"{SpendKeyHttp.Path}/{made["spend_key_id"]}", """{"status":"paused","expires_at":"2100-01-01T00:00:00Z"}""");
        host.Clock.Advance(Authenticator.KeepTime);
        known = (await other.AuthenticateAsync(made["key"]!, default))!;
        (known.Key.IsPaused, known.Key.ExpiresAt).ShouldBe((true, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)));

        var rotated = await host.RotateAsync(merchant.TestKey, made["spend_key_id"]!);
        (await other.AuthenticateAsync(rotated["key"]!, default))!.Key.Id.ShouldBe(made["spend_key_id"]);
        host.Clock.Advance(Authenticator.KeepTime);
        (await other.AuthenticateAsync(made["key"]!, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Authenticating_again_within_seconds_asks_no_store_whether_the_key_is_known_or_not()
    {
        var made = await host.NewSpendKeyAsync(await host.NewKeyAsync());
        foreach (var raw in new[] { made["key"]!, made["key"]![..^1] + (made["key"]![^1] == 'A' ? 'B' : 'A') })
        {
            var first = await host.SpendKeys().AuthenticateAsync(raw, default);
            var read = await host.Tables.RowsReadByAsync(async () =>
            {
                for (var i = 0; i < 100; i++) (await host.SpendKeys().AuthenticateAsync(raw, default)).ShouldBe(first);
            });
            read.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("lava_sk_")]
    [InlineData("lava_sk_short")]
    [InlineData("lava_sk_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq")]
    [InlineData("LAVA_SK_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq")]
    [InlineData("aks_test_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq")]
    [InlineData("lava_sk_ABCDEFGHIJKLMNOPQRST\ud800")]
    public async Task What_is_no_spend_key_of_ours_authenticates_nobody(string raw) => (await host.SpendKeys().AuthenticateAsync(raw, default)).ShouldBeNull();

    [Fact]
    public async Task A_secret_key_is_no_spend_key_and_a_spend_key_is_no_secret_key()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key);
        (await host.SpendKeys().AuthenticateAsync(key, default)).ShouldBeNull();
        (await host.GetAsync("aks_test_" + made["key"]![8..], "/v1/wallet")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task The_store_keeps_no_raw_value_not_even_where_an_answer_is_kept_for_its_repetition()
    {
        var key = await host.NewKeyAsync();
        var made = await host.PostAsync(key, SpendKeyHttp.Path, """{"name":"once"}""", ("Idempotency-Key", "make"));
        (await host.PostAsync(key, SpendKeyHttp.Path, """{"name":"once"}""", ("Idempotency-Key", "make")))["key"].ShouldBe(made["key"]);
        var rotate = $"{SpendKeyHttp.Path}/{made["spend_key_id"]}/rotate";
        var rotated = await host.PostAsync(key, rotate, null, ("Idempotency-Key", "turn"));
        (await host.PostAsync(key, rotate, null, ("Idempotency-Key", "turn")))["key"].ShouldBe(rotated["key"]);

        var stored = new StringBuilder();
        foreach (var file in Directory.GetFiles(host.Folder, "lava.db*")) stored.Append(await ReadSharedAsync(file));
        stored.ToString().ShouldContain(made["spend_key_id"]!);
        foreach (var raw in new[] { made["key"]!, rotated["key"]! }) stored.ToString().Contains(raw[16..], StringComparison.Ordinal).ShouldBeFalse();
    }

    [Fact]
    public async Task No_answer_but_the_one_that_makes_a_value_shows_it_nor_does_any_show_its_hash()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key);
        var path = $"{SpendKeyHttp.Path}/{made["spend_key_id"]}";
        var secrets = new[] { made["key"]![16..], RawKey.Hash(made["key"]!) };
        foreach (var answer in new[]
        {
            await host.GetAsync(key, path), await host.GetAsync(key, SpendKeyHttp.Path), await host.PutAsync(key, path, """{"name":"x"}"""), await host.PutAsync(key, path, """{"name":7}"""),
            await host.GetAsync(made["key"]!, "/v1/wallet"), await host.GetAsync(made["key"]!, "/v1/models"), await host.PostAsync(made["key"]!, "/v1/forward?u=https://api.openai.com/v1/chat/completions", "{}"),
            await host.RotateAsync(key, made["spend_key_id"]!), await host.GetAsync(made["key"]!, "/v1/models"), await host.DeleteAsync(key, path),
        })
        {
            foreach (var secret in secrets) answer.Body.GetRawText().Contains(secret, StringComparison.OrdinalIgnoreCase).ShouldBeFalse();
        }
    }

    /// <summary>Sends a request whose server loses the store once a write in that table is durable.</summary>
    private async Task<Answer> DyingAfterAsync(string table, Func<Task<Answer>> send)
    {
        host.Tables.AfterCommit = written => written == table ? Task.FromException(new TableStoreException("The store is gone.")) : Task.CompletedTask;
        try
        {
            return await send();
        }
        finally
        {
            host.Tables.AfterCommit = null;
        }
    }

    private static async Task<string> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return await new StreamReader(stream, Encoding.Latin1).ReadToEndAsync();
    }
}
