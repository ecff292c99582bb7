using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Lava.Local.Vault;

/// <summary>Encrypts Data Protection's keys with the operator's before they are written.</summary>
internal sealed class SealedKeyWriter(VaultKey key) : IXmlEncryptor
{
    /// <summary>The element that holds an encrypted key.</summary>
    public const string Element = "lavaSealedKey";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var box = key.Seal(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)));
        return new EncryptedXmlInfo(new XElement(Element, Convert.ToBase64String(box)), typeof(SealedKeyReader));
    }
}
