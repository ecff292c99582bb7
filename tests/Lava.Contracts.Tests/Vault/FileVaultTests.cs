using Lava.Local.Vault;
using Lava.Service.Ports;

namespace Lava.Contracts.Tests.Vault;

public sealed class FileVaultTests : VaultContract, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<FileVault> _opened = [];

    private string VaultFile => _folder.File("vault.json");

    public void Dispose()
    {
        foreach (var vault in _opened) vault.Dispose();
        _folder.Dispose();
    }

    protected override IVault Open()
    {
        var vault = new FileVault(_folder.Path);
        _opened.Add(vault);
        return vault;
    }

    [Fact]
    public async Task Nothing_in_the_directory_shows_a_value()
    {
        await Open().SetAsync("name", "sk-very-secret", None);
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            (await File.ReadAllTextAsync(file)).ShouldNotContain("very-secret");
    }

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
