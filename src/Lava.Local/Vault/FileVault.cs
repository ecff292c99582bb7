using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lava.Service.Ports;
using Microsoft.AspNetCore.DataProtection;

namespace Lava.Local.Vault;

/// <summary>Secrets in one file, each encrypted with ASP.NET Core Data Protection; file and keys are readable by their owner alone.</summary>
public sealed partial class FileVault : IVault, IDisposable
{
    private readonly string _path;
    private readonly Lazy<IDataProtector> _protector;
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Opens the vault of a data directory. What encrypts is made with the first secret that is read or written, for it takes time to start.</summary>
    /// <param name="directory">The data directory; it exists.</param>
    public FileVault(string directory)
    {
        _path = Path.Combine(directory, "vault.json");
        _protector = new(() =>
        {
            var keys = Directory.CreateDirectory(Path.Combine(directory, "vault-keys"));
            if (!OperatingSystem.IsWindows()) keys.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            return DataProtectionProvider.Create(keys, builder => builder.SetApplicationName("lava")).CreateProtector("vault");
        });
    }

    /// <inheritdoc/>
    public async ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken)
    {
        Check(name);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return (await ReadAsync(cancellationToken)).TryGetValue(name, out var sealedValue) ? _protector.Value.Unprotect(sealedValue) : null;
        }
        catch (CryptographicException fault)
        {
            throw new InvalidDataException($"The secret {name} cannot be decrypted: the vault's file is damaged or its keys are gone. Set it again.", fault);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask SetAsync(string name, string value, CancellationToken cancellationToken) =>
        ChangeAsync(name, secrets => secrets[name] = _protector.Value.Protect(value), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken) => ChangeAsync(name, secrets => secrets.Remove(name), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async ValueTask ChangeAsync(string name, Action<SortedDictionary<string, string>> change, CancellationToken cancellationToken)
    {
        Check(name);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await using var turn = await LockAsync(cancellationToken);
            var secrets = await ReadAsync(cancellationToken);
            change(secrets);

            // A new file put in the old one's place: a crash leaves one or the other, whole.
            var next = _path + ".new";
            var file = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var stream = new FileStream(next, file))
            {
                await JsonSerializer.SerializeAsync(stream, secrets, VaultJson.Default.SortedDictionaryStringString, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(next, _path, overwrite: true);
        }
        finally
        {
            _gate.Release();
        }
    }

    // The command line may write beside a running server.
    private async ValueTask<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    // Key Vault takes names that differ in case alone for one.
    private async ValueTask<SortedDictionary<string, string>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_path)) return new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        await using var stream = File.OpenRead(_path);
        try
        {
            var stored = await JsonSerializer.DeserializeAsync(stream, VaultJson.Default.SortedDictionaryStringString, cancellationToken);
            return new SortedDictionary<string, string>(stored ?? throw new JsonException("It holds null."), StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            throw new InvalidDataException("The vault's file is damaged; put a copy in its place or remove it and set the secrets again.", fault);
        }
    }

    private static void Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > 127 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            throw new ArgumentException("A secret's name has 1 to 127 ASCII letters, digits and hyphens.", nameof(name));
    }

    [JsonSerializable(typeof(SortedDictionary<string, string>))]
    private sealed partial class VaultJson : JsonSerializerContext;
}
