using Azure;
using Azure.Security.KeyVault.Secrets;
using Lava.Functions.Vault;

namespace Lava.Functions.Tests;

public sealed class KeyVaultVaultTests
{
    private readonly Client _client = new();
    private readonly Clock _clock = new();
    private readonly KeyVaultVault _vault;

    public KeyVaultVaultTests() => _vault = new KeyVaultVault(_client, _clock);

    [Fact]
    public async Task A_secret_that_was_set_is_read_back_and_one_that_was_not_is_null()
    {
        await _vault.SetAsync("provider-key", "s3cret", CancellationToken.None);

        (await _vault.GetAsync("provider-key", CancellationToken.None)).ShouldBe("s3cret");
        (await _vault.GetAsync("another", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_minute_of_reads_costs_the_vault_one()
    {
        _client.Stored["provider-key"] = "old";
        await _vault.GetAsync("provider-key", CancellationToken.None);
        _client.Stored["provider-key"] = "new";

        _clock.Now += TimeSpan.FromSeconds(59);
        (await _vault.GetAsync("provider-key", CancellationToken.None)).ShouldBe("old");
        _client.Reads.ShouldBe(1);

        _clock.Now += TimeSpan.FromSeconds(1);
        (await _vault.GetAsync("provider-key", CancellationToken.None)).ShouldBe("new");
    }

    [Fact]
    public async Task A_deleted_secret_is_gone_at_once_here_and_deleting_none_is_no_fault()
    {
        await _vault.SetAsync("provider-key", "s3cret", CancellationToken.None);

        await _vault.DeleteAsync("provider-key", CancellationToken.None);
        await _vault.DeleteAsync("never-there", CancellationToken.None);

        (await _vault.GetAsync("provider-key", CancellationToken.None)).ShouldBeNull();
        _client.Stored.ShouldNotContainKey("provider-key");
    }

    [Fact]
    public async Task A_name_whose_secret_was_deleted_can_be_used_again()
    {
        _client.Deleted.Add("provider-key");

        await _vault.SetAsync("provider-key", "again", CancellationToken.None);

        _client.Stored["provider-key"].ShouldBe("again");
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>A vault in memory with Key Vault's answers: 404 for none, 409 for a name that is deleted but can be recovered.</summary>
    private sealed class Client : SecretClient
    {
        public Dictionary<string, string> Stored { get; } = [];

        public HashSet<string> Deleted { get; } = [];

        public int Reads { get; private set; }

        public override Task<Response<KeyVaultSecret>> GetSecretAsync(string name, string? version = null, CancellationToken cancellationToken = default)
        {
            Reads++;
            return Stored.TryGetValue(name, out var value) ? Secret(name, value) : throw new RequestFailedException(404, "SecretNotFound");
        }

        public override Task<Response<KeyVaultSecret>> SetSecretAsync(string name, string value, CancellationToken cancellationToken = default)
        {
            if (Deleted.Contains(name)) throw new RequestFailedException(409, "ObjectIsDeletedButRecoverable");
            return Secret(name, Stored[name] = value);
        }

        public override Task<DeleteSecretOperation> StartDeleteSecretAsync(string name, CancellationToken cancellationToken = default)
        {
            if (!Stored.Remove(name)) throw new RequestFailedException(404, "SecretNotFound");
            return Task.FromResult<DeleteSecretOperation>(null!);
        }

        public override Task<RecoverDeletedSecretOperation> StartRecoverDeletedSecretAsync(string name, CancellationToken cancellationToken = default)
        {
            Deleted.Remove(name);
            return Task.FromResult<RecoverDeletedSecretOperation>(new Recovered());
        }

        private static Task<Response<KeyVaultSecret>> Secret(string name, string value) => Task.FromResult(Response.FromValue(new KeyVaultSecret(name, value), null!));
    }

    private sealed class Recovered : RecoverDeletedSecretOperation
    {
        public override ValueTask<Response<SecretProperties>> WaitForCompletionAsync(CancellationToken cancellationToken = default) => default;
    }
}
