using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Lava.Local.Vault;

/// <summary>Decrypts what <see cref="SealedKeyWriter"/> has written. Data Protection makes it by the name that the key's file holds.</summary>
internal sealed class SealedKeyReader(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var plain = services.GetRequiredService<VaultKey>().Open(Convert.FromBase64String(encryptedElement.Value));
        return plain is null
            ? throw new CryptographicException("The vault's keys are encrypted with another key.")
            : XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}
