using Lava.Local.Vault;
using Lava.Service.Ports.Vault;
using Microsoft.Extensions.Configuration;

namespace Lava.Contracts.Tests.Vault;

public sealed class FileVaultTests : VaultContract, IDisposable
{
    private const string Key = "jTq3m0VhYc8xW2bN5rLd7sKf9gPa1uEo4iZvBnMxCwQ=";

    private readonly TempFolder _folder = new();
    private readonly List<FileVault> _opened = [];

    private string VaultFile => _folder.File("vault.json");

    public void Dispose()
    {
        foreach (var vault in _opened) vault.Dispose();
        _folder.Dispose();
    }

    protected override IVault Open() => Open(null);

    private FileVault Open(string? key)
    {
        var vault = new FileVault(_folder.Path, key is null ? null : new VaultKey(key));
        _opened.Add(vault);
        return vault;
    }

    private string[] Keys() => Directory.GetFiles(_folder.File("vault-keys"), "*.xml");

    [Fact]
    public async Task Nothing_in_the_directory_shows_a_value()
    {
        await Open().SetAsync("name", "sk-very-secret", None);
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            (await File.ReadAllTextAsync(file)).ShouldNotContain("very-secret");
    }

    [Fact]
    public async Task With_the_operators_key_the_directory_alone_decrypts_nothing()
    {
        await Open(Key).SetAsync("name", "sk-secret", None);
        (await Open(Key).GetAsync("name", None)).ShouldBe("sk-secret");
        (await File.ReadAllTextAsync(Keys().ShouldHaveSingleItem())).ShouldNotContain("masterKey");
        Should.Throw<VaultException>(() => Open(null)).Message.ShouldContain("Lava__Vault__Key");
        Should.Throw<VaultException>(() => Open(Key + "x")).Message.ShouldContain("a different key");
        Keys().ShouldHaveSingleItem("no other key was made");
    }

    [Fact]
    public async Task Without_the_operators_key_the_directory_decrypts_itself()
    {
        // What docs/operations.md says plainly of the default.
        await Open().SetAsync("name", "sk-secret", None);
        (await File.ReadAllTextAsync(Keys().ShouldHaveSingleItem())).ShouldContain("masterKey");
    }

    [Fact]
    public async Task A_vault_that_was_made_without_a_key_is_protected_anew_when_one_is_given()
    {
        await Open().SetAsync("name", "sk-secret", None);
        await Open().SetAsync("other", "sk-other", None);
        var (old, sealedBefore) = (Keys().Single(), await File.ReadAllTextAsync(VaultFile));
        (await Open(Key).GetAsync("name", None)).ShouldBe("sk-secret");
        File.Exists(old).ShouldBeFalse();
        (await File.ReadAllTextAsync(Keys().ShouldHaveSingleItem())).ShouldNotContain("masterKey");
        (await File.ReadAllTextAsync(VaultFile)).ShouldNotBe(sealedBefore);
        var again = Open(Key);
        (await again.GetAsync("other", None)).ShouldBe("sk-other");
        await again.SetAsync("third", "x", None);
        (await Open(Key).GetAsync("third", None)).ShouldBe("x");
    }

    [Fact]
    public void The_key_comes_from_the_environment_or_from_a_file_elsewhere()
    {
        File.WriteAllText(_folder.File("elsewhere.key"), Key + "\n");
        var data = _folder.File("data");
        VaultKey.Read(Settings(), data).ShouldBeNull();
        var box = new VaultKey(Key).Seal("x"u8);
        VaultKey.Read(Settings(("Lava:Vault:Key", Key)), data)!.Open(box).ShouldBe("x"u8.ToArray());
        VaultKey.Read(Settings(("Lava:Vault:KeyFile", _folder.File("elsewhere.key"))), data)!.Open(box).ShouldBe("x"u8.ToArray());
        new VaultKey(Key + "y").Open(box).ShouldBeNull();
        box[^1] ^= 1;
        new VaultKey(Key).Open(box).ShouldBeNull();
        foreach (var bad in new (string, string)[][]
        {
            [("Lava:Vault:Key", "short")], [("Lava:Vault:KeyFile", _folder.File("absent.key"))], [("Lava:Vault:Key", Key), ("Lava:Vault:KeyFile", _folder.File("elsewhere.key"))],
            [("Lava:Vault:KeyFile", Path.Combine(data, "x.key"))], [("Lava:Vault:KeyFile", Path.Combine(data, "..", "data", "x.key"))],
        })
            Should.Throw<InvalidOperationException>(() => VaultKey.Read(Settings(bad), data)).Message.ShouldNotContain(Key);
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();

    [Fact]
    public async Task The_file_and_the_keys_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        var vault = Open();
        await vault.SetAsync("name", "x", None);
        await vault.SetAsync("name", "y", None);
        File.GetUnixFileMode(VaultFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(_folder.File("vault-keys")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_damaged_file_is_told_clearly_and_not_overwritten()
    {
        foreach (var damage in new[] { "", "{\"name\":", "null", "[]", "{\"a\":1}", "\0\0\0\0" })
        {
            await File.WriteAllTextAsync(VaultFile, damage);
            var vault = Open();
            (await Should.ThrowAsync<InvalidDataException>(async () => await vault.GetAsync("name", None))).Message.ShouldContain("damaged");
            await Should.ThrowAsync<InvalidDataException>(async () => await vault.SetAsync("name", "x", None));
            (await File.ReadAllTextAsync(VaultFile)).ShouldBe(damage);
        }
    }

    [Fact]
    public async Task A_secret_that_cannot_be_decrypted_is_told_clearly_and_can_be_set_again()
    {
        await File.WriteAllTextAsync(VaultFile, "{\"name\":\"bm90IGVuY3J5cHRlZA\",\"other\":\"!\"}");
        var vault = Open();
        var fault = await Should.ThrowAsync<InvalidDataException>(async () => await vault.GetAsync("name", None));
        fault.Message.ShouldContain("name");
        await vault.SetAsync("name", "x", None);
        (await vault.GetAsync("name", None)).ShouldBe("x");
    }

    [Fact]
    public async Task What_a_crash_left_half_written_is_not_read()
    {
        await Open().SetAsync("name", "x", None);
        await File.WriteAllTextAsync(VaultFile + ".new", "{\"na");
        var vault = Open();
        (await vault.GetAsync("name", None)).ShouldBe("x");
        await vault.SetAsync("name", "y", None);
        (await Open().GetAsync("name", None)).ShouldBe("y");
    }
}
