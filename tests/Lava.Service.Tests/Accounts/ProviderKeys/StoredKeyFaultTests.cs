using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using static Lava.Service.Tests.Accounts.ProviderKeys.StoredKeyWorld;

namespace Lava.Service.Tests.Accounts.ProviderKeys;

/// <summary>A vault out of reach, and deaths between the writes; whatever goes wrong, no key is heard of.</summary>
public sealed class StoredKeyFaultTests : IAsyncLifetime
{
    private readonly StoredKeyWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public async Task DisposeAsync()
    {
        // Each of these tests leaves its logs; none of them may hold a key, whole or in part.
        var log = string.Join('\n', _world.Log);
        await _world.DisposeAsync();
        log.ShouldNotBeEmpty();
        foreach (var part in new[] { First, Second, Managed, "key-of-the-merchant" }) log.ShouldNotContain(part);
    }

    [Fact]
    public async Task A_vault_out_of_reach_is_a_503_and_changes_nothing()
    {
        var key = (await _world.NewMerchantAsync()).TestKey;
        await _world.SetAsync(key, "openai", First);
        var before = (await _world.SendAsync(key, "GET", Route)).Body.ToString();
        _world.Vault.IsDown = true;
        var refused = await _world.SetAsync(key, "openai", Second);
        (refused.Status, refused.Code).ShouldBe((503, "vault_unavailable"));
        (await _world.SendAsync(key, "GET", Route)).Body.ToString().ShouldBe(before);

        // The operator's key does not take the place of those that cannot be read, for the wallet would pay.
        var (answer, keys) = await _world.CallAsync(key);
        (answer.Status, answer.Code, keys.Count).ShouldBe((503, "vault_unavailable", 0));
        answer.Body.ToString().ShouldNotContain("key-of-the-merchant");

        // Nobody else is touched.
        (await _world.CallAsync((await _world.NewMerchantAsync()).TestKey)).Keys.ShouldBe([Managed]);

        _world.Vault.IsDown = false;
        (await _world.CallAsync(key)).Keys.ShouldBe([First]);
        _world.Vault.IsDown = true;
        (await _world.CallAsync(key)).Keys.ShouldBe([First], "it was read within the minute");
    }

    [Fact]
    public async Task A_death_after_the_vaults_write_leaves_the_keys_before()
    {
        var key = (await _world.NewMerchantAsync()).TestKey;
        await _world.SetAsync(key, "openai", First);
        var before = (await _world.SendAsync(key, "GET", Route)).Body.ToString();
        _world.Vault.AfterSet = () => throw new VaultException("The answer was lost.");
        (await _world.SetAsync(key, "openai", Second)).Status.ShouldBe(503);
        _world.Vault.AfterSet = null;
        (await _world.SendAsync(key, "GET", Route)).Body.ToString().ShouldBe(before);
        foreach (var server in new[] { 0, 1 }) (await _world.CallAsync(key, server)).Keys.ShouldBe([First]);
        (await _world.SetAsync(key, "openai", Second)).Status.ShouldBe(200);
        (await _world.CallAsync(key)).Keys.ShouldBe([Second]);
    }

    [Fact]
    public async Task A_death_after_the_rows_write_leaves_the_new_keys()
    {
        var key = (await _world.NewMerchantAsync()).TestKey;
        await _world.SetAsync(key, "openai", First);
        (await _world.CallAsync(key)).Keys.ShouldBe([First]);
        _world.Tables.AfterCommit = table => table == TableNames.Resources ? throw new TableStoreException() : Task.CompletedTask;
        (await _world.SetAsync(key, "openai", Second)).Status.ShouldBe(503);
        _world.Tables.AfterCommit = null;

        // The old secret is still there and nobody's any more.
        _world.Vault.MerchantKeys.Order().ShouldBe([First, Second]);
        (await _world.CallAsync(key)).Keys.ShouldBe([Second]);
        (await _world.CallAsync(key, 1)).Keys.ShouldBe([Second]);
    }

    [Fact]
    public async Task A_deletion_is_done_though_the_vault_cannot_drop_the_secret()
    {
        var key = (await _world.NewMerchantAsync()).TestKey;
        await _world.SetAsync(key, "openai", First);
        (await _world.CallAsync(key)).Keys.ShouldBe([First]);
        _world.Vault.KeepsWhatIsDeleted = true;
        (await _world.SendAsync(key, "DELETE", Route + "/openai")).Status.ShouldBe(200);
        (await _world.SendAsync(key, "GET", Route + "/openai")).Status.ShouldBe(404);
        (await _world.CallAsync(key)).Keys.ShouldBe([Managed]);
        _world.Log.ShouldContain(line => line.Contains("is no longer used", StringComparison.Ordinal) && line.Contains(_world.Vault.Stored.Single(), StringComparison.Ordinal));
        (await _world.SetAsync(key, "openai", Second)).Status.ShouldBe(200);
        (await _world.CallAsync(key)).Keys.ShouldBe([Second]);
    }

    [Fact]
    public async Task A_secret_that_somebody_took_out_of_the_vault_is_a_503_until_keys_are_set_anew()
    {
        var key = (await _world.NewMerchantAsync()).TestKey;
        await _world.SetAsync(key, "openai", First);
        _world.Vault.Secrets.Clear();
        var (answer, keys) = await _world.CallAsync(key);
        (answer.Status, answer.Code, keys.Count).ShouldBe((503, "vault_unavailable", 0));
        await _world.SetAsync(key, "openai", Second);
        (await _world.CallAsync(key)).Keys.ShouldBe([Second]);
    }

    [Fact]
    public async Task Settings_at_once_leave_one_of_them_whole()
    {
        var key = (await _world.NewMerchantAsync()).TestKey;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _world.SetAsync(key, "openai", $"{i}-of-the-key-of-the-merchant")));
        answers.ShouldAllBe(answer => answer.Status == 200);
        var left = _world.Vault.MerchantKeys.ShouldHaveSingleItem();
        (await _world.CallAsync(key)).Keys.ShouldBe([left]);
    }
}
