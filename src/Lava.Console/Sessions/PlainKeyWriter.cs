using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Lava.Console.Sessions;

/// <summary>Hands keys on as they are, to a vault that encrypts them. Without one the framework warns that keys are kept readable.</summary>
internal sealed class PlainKeyWriter : IXmlEncryptor
{
    /// <inheritdoc/>
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new NullXmlEncryptor().Encrypt(plaintextElement);
}
