using System.Xml.Linq;
using Lava.Service.Ports.Vault;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Lava.Local.Vault;

/// <summary>The keys that encrypt a vault's secrets: files of Data Protection, encrypted in their turn where the operator gives a key.</summary>
internal sealed class VaultKeyRing(string directory, VaultKey? key)
{
    // As Data Protection does with the keys that it makes.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    private readonly DirectoryInfo _folder = new(Path.Combine(directory, "vault-keys"));

    /// <summary>Fails where the keys cannot be read with what the operator has given, before Data Protection takes them for lost and makes others.</summary>
    /// <exception cref="VaultException">No key was given, or another.</exception>
    public void Check()
    {
        foreach (var (_, content) in Files())
        {
            foreach (var box in content.Descendants(SealedKeyWriter.Element))
            {
                if (key is null) throw new VaultException("The vault is protected: set Lava__Vault__Key or Lava__Vault__KeyFile to its key.");
                if (key.Open(Convert.FromBase64String(box.Value)) is null)
                    throw new VaultException("The vault is protected with a different key than the one in Lava__Vault__Key or Lava__Vault__KeyFile.");
            }
        }
    }

    /// <summary>The files of keys that anybody can read although the operator has given a key.</summary>
    public IReadOnlyList<string> Unprotected() =>
        key is null ? [] : [.. Files().Where(file => file.Content.Descendants("masterKey").Any()).Select(file => file.Path)];

    /// <summary>What encrypts secrets, and what makes a new key for it.</summary>
    public (IDataProtector Protector, Action MakeKey) Open()
    {
        _folder.Create();
        if (!OperatingSystem.IsWindows()) _folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("lava").PersistKeysToFileSystem(_folder);
        if (key is not null) services.AddSingleton(key).Configure<KeyManagementOptions>(options => options.XmlEncryptor = new SealedKeyWriter(key));
        var provider = services.BuildServiceProvider();
        var protector = provider.GetRequiredService<IDataProtectionProvider>().CreateProtector("vault");
        // The framework judges its keys by the machine's own clock, so they are dated by it.
        return (protector, () =>
        {
            var now = TimeProvider.System.GetUtcNow();
            provider.GetRequiredService<IKeyManager>().CreateNewKey(now, now + Lifetime);
        });
    }

    private IEnumerable<(string Path, XDocument Content)> Files() =>
        _folder.Exists ? _folder.EnumerateFiles("*.xml").Select(file => (file.FullName, XDocument.Load(file.FullName))) : [];
}
