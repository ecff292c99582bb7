using Azure;
using Azure.Security.KeyVault.Secrets;
using Lava.Functions.Vault;
using Lava.Service.Ports.Vault;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Lava.Functions.Tests;

public sealed class KeyVaultVaultTests
{
    private readonly Client _client = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly KeyVaultVault _vault;

    public KeyVaultVaultTests() => _vault = new KeyVaultVault(_client, _clock, NullLogger<KeyVaultVault>.Instance);

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

        _clock.Advance(TimeSpan.FromSeconds(59));
        (await _vault.GetAsync("provider-key", CancellationToken.None)).ShouldBe("old");
        _client.Reads.ShouldBe(1);

        _clock.Advance(TimeSpan.FromSeconds(1));
        (await _vault.GetAsync("provider-key", CancellationToken.None)).ShouldBe("new");
    }

    [Fact]
    public async Task What_nobody_has_asked_for_in_an_hour_leaves_the_memory()
    {
        foreach (var name in new[] { "old", "kept", "none" }) await _vault.SetAsync(name, "s3cret", CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(59));
        await _vault.GetAsync("kept", CancellationToken.None);
        _vault.Kept.ShouldBe(3);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await _vault.GetAsync("another", CancellationToken.None);
        _vault.Kept.ShouldBe(2);
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

    [Fact]
    public async Task Many_who_ask_at_once_cost_one_read()
    {
        _client.Stored["provider-key"] = "s3cret";
        _client.Gate = new TaskCompletionSource();
        var reads = Enumerable.Range(0, 50).Select(_ => _vault.GetAsync("provider-key", CancellationToken.None).AsTask()).ToList();
        _client.Gate.SetResult();
        (await Task.WhenAll(reads)).ShouldAllBe(value => value == "s3cret");
        _client.Reads.ShouldBe(1);
    }

    [Fact]
    public async Task That_there_is_none_is_remembered_for_a_minute_too()
    {
        (await _vault.GetAsync("provider-key", CancellationToken.None)).ShouldBeNull();
        (await _vault.GetAsync("provider-key", CancellationToken.None)).ShouldBeNull();
        _client.Reads.ShouldBe(1);
        _client.Stored["provider-key"] = "s3cret";
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await _vault.GetAsync("provider-key", CancellationToken.None)).ShouldBe("s3cret");
    }

    [Fact]
    public async Task What_was_read_goes_on_for_an_hour_while_the_vault_is_out_of_reach_and_is_asked_for_at_times()
    {
        _client.Stored["provider-key"] = "s3cret";
        await _vault.GetAsync("provider-key", CancellationToken.None);
        _client.Fault = new RequestFailedException(503, "out of reach");
        _clock.Advance(TimeSpan.FromMinutes(30));
        for (var i = 0; i < 5; i++) (await _vault.GetAsync("provider-key", CancellationToken.None)).ShouldBe("s3cret");
        _client.Reads.ShouldBe(2);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await _vault.GetAsync("provider-key", CancellationToken.None);
        _client.Reads.ShouldBe(3);

        _clock.Advance(TimeSpan.FromMinutes(31));
        await Should.ThrowAsync<VaultException>(() => _vault.GetAsync("provider-key", CancellationToken.None).AsTask());
        _client.Fault = null;
        (await _vault.GetAsync("provider-key", CancellationToken.None)).ShouldBe("s3cret");
    }

    [Fact]
    public async Task A_vault_that_refuses_is_told_as_such_without_the_secret()
    {
        _client.Fault = new RequestFailedException(403, "Forbidden");
        foreach (var attempt in new Func<Task>[]
        {
            () => _vault.GetAsync("name", CancellationToken.None).AsTask(), () => _vault.SetAsync("name", "s3cret", CancellationToken.None).AsTask(), () => _vault.DeleteAsync("name", CancellationToken.None).AsTask(),
        }) (await Should.ThrowAsync<VaultException>(attempt)).ToString().ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task A_read_that_was_on_its_way_does_not_undo_a_write()
    {
        _client.Stored["provider-key"] = "old";
        _client.Gate = new TaskCompletionSource();
        var read = _vault.GetAsync("provider-key", CancellationToken.None).AsTask();
        await _vault.SetAsync("provider-key", "new", CancellationToken.None);
        _client.Gate.SetResult();
        await read;
        (await _vault.GetAsync("provider-key", CancellationToken.None)).ShouldBe("new");
    }

    /// <summary>A vault in memory with Key Vault's answers: 404 for none, 409 for a name that is deleted but can be recovered.</summary>
    private sealed class Client : SecretClient
    {
        public Dictionary<string, string> Stored { get; } = [];

        public HashSet<string> Deleted { get; } = [];

        public int Reads { get; private set; }

        /// <summary>What every call ends with; null for its answer.</summary>
        public RequestFailedException? Fault { get; set; }

        /// <summary>What a read waits for, after it has looked; null for nothing.</summary>
        public TaskCompletionSource? Gate { get; set; }

        public override async Task<Response<KeyVaultSecret>> GetSecretAsync(string name, string? version = null, CancellationToken cancellationToken = default)
        {
            Reads++;
            if (Fault is not null) throw Fault;
            var found = Stored.TryGetValue(name, out var value) ? Secret(name, value) : throw new RequestFailedException(404, "SecretNotFound");
            if (Gate is not null) await Gate.Task;
            return await found;
        }

        public override Task<Response<KeyVaultSecret>> SetSecretAsync(string name, string value, CancellationToken cancellationToken = default)
        {
            if (Fault is not null) throw Fault;
            if (Deleted.Contains(name)) throw new RequestFailedException(409, "ObjectIsDeletedButRecoverable");
            return Secret(name, Stored[name] = value);
        }

        public override Task<DeleteSecretOperation> StartDeleteSecretAsync(string name, CancellationToken cancellationToken = default)
        {
            if (Fault is not null) throw Fault;
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
