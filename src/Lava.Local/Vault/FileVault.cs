using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lava.Service.Ports.Vault;
using Microsoft.AspNetCore.DataProtection;

namespace Lava.Local.Vault;

/// <summary>Secrets in one file, each encrypted with ASP.NET Core Data Protection; file and keys are readable by their owner alone. The keys lie beside the
/// file. Where the operator gives a key, they are encrypted with it, and a vault that was made without one is protected anew when it is first used.</summary>
public sealed partial class FileVault : IVault, IDisposable
{
    private readonly string _path;
    private readonly VaultKeyRing _keys;
    // Each change reads the whole file and writes it anew: without the lock the later of two would write without the secret of the earlier. Other processes
    // are kept out by a lock file.
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IDataProtector? _protector;

    /// <summary>Opens the vault of a data directory. What encrypts is made with the first secret that is read or written, for it takes time to start.</summary>
    /// <param name="directory">The data directory; it exists.</param>
    /// <param name="key">The operator's key; null for none.</param>
    /// <exception cref="VaultException">The vault is protected, and not with that key.</exception>
    public FileVault(string directory, VaultKey? key = null)
    {
        _path = Path.Combine(directory, "vault.json");
        _keys = new VaultKeyRing(directory, key);
        _keys.Check();
    }

    /// <inheritdoc/>
    public async ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken)
    {
        Check(name);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var protector = await ProtectorAsync(cancellationToken);
            return (await ReadAsync(cancellationToken)).TryGetValue(name, out var sealedValue) ? protector.Unprotect(sealedValue) : null;
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
        ChangeAsync(name, (secrets, protector) => secrets[name] = protector.Protect(value), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken) =>
        ChangeAsync(name, (secrets, _) => secrets.Remove(name), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async ValueTask ChangeAsync(string name, Action<SortedDictionary<string, string>, IDataProtector> change, CancellationToken cancellationToken)
    {
        Check(name);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var protector = await ProtectorAsync(cancellationToken);
            await using var turn = await LockAsync(cancellationToken);
            var secrets = await ReadAsync(cancellationToken);
            change(secrets, protector);
            await WriteAsync(secrets, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask<IDataProtector> ProtectorAsync(CancellationToken cancellationToken)
    {
        if (_protector is not null) return _protector;
        var (protector, makeKey) = _keys.Open();
        if (_keys.Unprotected().Count > 0)
        {
            await using var turn = await LockAsync(cancellationToken);
            await ProtectAnewAsync(protector, makeKey, cancellationToken);
        }

        return _protector = protector;
    }

    // First a key that is encrypted, then the secrets with it, then the old keys go: a crash anywhere leaves all that the secrets need.
    private async ValueTask ProtectAnewAsync(IDataProtector protector, Action makeKey, CancellationToken cancellationToken)
    {
        var old = _keys.Unprotected();
        makeKey();
        var secrets = await ReadAsync(cancellationToken);
        foreach (var (name, value) in secrets.ToArray())
        {
            try
            {
                secrets[name] = protector.Protect(protector.Unprotect(value));
            }
            catch (CryptographicException)
            {
                // It could not be read before either; whoever asks for it is told.
            }
        }

        if (secrets.Count > 0) await WriteAsync(secrets, cancellationToken);
        foreach (var file in old) File.Delete(file);
    }

    private async ValueTask WriteAsync(SortedDictionary<string, string> secrets, CancellationToken cancellationToken)
    {
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
            throw new InvalidDataException("The vault's file is damaged. Restore a back-up, or delete the file and set the secrets again.", fault);
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
