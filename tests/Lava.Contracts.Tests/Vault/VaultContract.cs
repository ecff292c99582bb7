using Lava.Service.Ports.Vault;

namespace Lava.Contracts.Tests.Vault;

/// <summary>What every adapter of the vault port does. An adapter's tests derive from it and say how to open one.</summary>
public abstract class VaultContract
{
    /// <summary>Opens the vault. Each call opens the same secrets again.</summary>
    protected abstract IVault Open();

    /// <summary>A name that no other test uses.</summary>
    protected static string NewName() => "secret-" + Guid.NewGuid().ToString("N");

    protected static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_secret_that_was_never_set_is_null() => (await Open().GetAsync(NewName(), None)).ShouldBeNull();

    [Fact]
    public async Task A_secret_is_read_back_as_it_was_set_also_by_another_instance()
    {
        var name = NewName();
        const string Value = "sk-\"quoted\" {json} ünïcödé\nsecond line";
        var vault = Open();
        await vault.SetAsync(name, Value, None);
        (await vault.GetAsync(name, None)).ShouldBe(Value);
        (await Open().GetAsync(name, None)).ShouldBe(Value);
    }

    [Fact]
    public async Task Setting_again_replaces()
    {
        var (vault, name) = (Open(), NewName());
        await vault.SetAsync(name, "old", None);
        await vault.SetAsync(name, "new", None);
        (await vault.GetAsync(name, None)).ShouldBe("new");
    }

    [Fact]
    public async Task A_deleted_secret_is_gone_and_its_neighbour_stays()
    {
        var (vault, name, other) = (Open(), NewName(), NewName());
        await vault.SetAsync(name, "a", None);
        await vault.SetAsync(other, "b", None);
        await vault.DeleteAsync(name, None);
        await vault.DeleteAsync(NewName(), None);
        (await vault.GetAsync(name, None)).ShouldBeNull();
        (await vault.GetAsync(other, None)).ShouldBe("b");
        await vault.SetAsync(name, "again", None);
        (await vault.GetAsync(name, None)).ShouldBe("again");
    }

    [Fact]
    public async Task Names_that_differ_in_case_alone_are_one()
    {
        var (vault, name) = (Open(), NewName());
        await vault.SetAsync(name, "lower", None);
        await vault.SetAsync(name.ToUpperInvariant(), "upper", None);
        (await vault.GetAsync(name, None)).ShouldBe("upper");
    }

    [Fact]
    public async Task Secrets_set_at_once_are_all_kept()
    {
        var vault = Open();
        var names = Enumerable.Range(0, 20).Select(_ => NewName()).ToArray();
        await Task.WhenAll(names.Select(name => Task.Run(async () => await vault.SetAsync(name, name, None))));
        foreach (var name in names) (await vault.GetAsync(name, None)).ShouldBe(name);
    }

    [Fact]
    public async Task A_name_has_1_to_127_letters_digits_and_hyphens()
    {
        var vault = Open();
        foreach (var bad in new[] { "", "a_b", "a/b", "../a", "a.b", "a b", "é", new string('n', 128) })
        {
            await Should.ThrowAsync<ArgumentException>(async () => await vault.SetAsync(bad, "x", None), bad);
            await Should.ThrowAsync<ArgumentException>(async () => await vault.GetAsync(bad, None), bad);
            await Should.ThrowAsync<ArgumentException>(async () => await vault.DeleteAsync(bad, None), bad);
        }

        var longest = NewName().PadRight(127, '9');
        await vault.SetAsync(longest, "x", None);
        (await vault.GetAsync(longest, None)).ShouldBe("x");
    }
}
