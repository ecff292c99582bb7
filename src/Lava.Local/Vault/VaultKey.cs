using System.Security.Cryptography;
using System.Text;

namespace Lava.Local.Vault;

/// <summary>The operator's key, with which a vault's own keys are encrypted. It is kept apart from the data directory, so that a copy of the directory alone
/// shows no secret.</summary>
public sealed class VaultKey
{
    /// <summary>Fewest characters.</summary>
    public const int MinLength = 32;

    private const string Setting = "Lava:Vault:Key";
    private const string FileSetting = "Lava:Vault:KeyFile";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key;

    /// <summary>Makes it of a text of at least <see cref="MinLength"/> characters that nobody can guess.</summary>
    /// <exception cref="ArgumentException">The text is too short.</exception>
    public VaultKey(string text)
    {
        if (text.Length < MinLength)
            throw new ArgumentException($"The vault's key must have at least {MinLength} characters. `openssl rand -base64 32` makes one.", nameof(text));
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(text), 32, info: "lava vault keys"u8.ToArray());
    }

    /// <summary>Reads <c>Lava__Vault__Key</c>, or the file that <c>Lava__Vault__KeyFile</c> names; null where neither is set.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="directory">The data directory, in which the file must not lie.</param>
    /// <exception cref="InvalidOperationException">A setting is of no use.</exception>
    public static VaultKey? Read(IConfiguration configuration, string directory)
    {
        var (text, path) = (configuration[Setting], configuration[FileSetting]);
        if (string.IsNullOrEmpty(text) && string.IsNullOrEmpty(path)) return null;
        if (!string.IsNullOrEmpty(text) && !string.IsNullOrEmpty(path))
            throw new InvalidOperationException("Set Lava__Vault__Key or Lava__Vault__KeyFile, not both.");
        if (!string.IsNullOrEmpty(path))
        {
            var (file, data) = (Path.GetFullPath(path), Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)) + Path.DirectorySeparatorChar);
            if (file.StartsWith(data, StringComparison.Ordinal))
                throw new InvalidOperationException("Lava__Vault__KeyFile is in the data directory, where it protects nothing. Store it elsewhere.");
            if (!File.Exists(file)) throw new InvalidOperationException("The file in Lava__Vault__KeyFile does not exist.");
            text = File.ReadAllText(file);
        }

        try
        {
            return new VaultKey(text!.Trim());
        }
        catch (ArgumentException fault)
        {
            throw new InvalidOperationException(fault.Message, fault);
        }
    }

    /// <summary>Encrypts bytes; they cannot be changed unseen.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain)
    {
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes));
        return box;
    }

    /// <summary>Decrypts what was sealed; null where it was sealed with another key or has been changed.</summary>
    public byte[]? Open(ReadOnlySpan<byte> box)
    {
        if (box.Length < NonceBytes + TagBytes) return null;
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_key, TagBytes);
        try
        {
            aes.Decrypt(box[..NonceBytes], box[(NonceBytes + TagBytes)..], box.Slice(NonceBytes, TagBytes), plain);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
