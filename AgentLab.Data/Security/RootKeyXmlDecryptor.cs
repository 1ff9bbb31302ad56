using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Data.Security;

/// <summary>Opens what <see cref="RootKeyXmlEncryptor"/> sealed. Data protection makes it by name, with the services.</summary>
internal sealed class RootKeyXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    private readonly RootKey _root = services.GetRequiredService<RootKey>();

    public XElement Decrypt(XElement encryptedElement)
    {
        var id = (string?)encryptedElement.Attribute("rootKey");
        if (id != _root.Id)
        {
            throw new CryptographicException($"The key was encrypted under root key {id}, and the present one is {_root.Id}: put the earlier root key back.");
        }

        var sealedBytes = Convert.FromBase64String(encryptedElement.Value).AsSpan();
        var cipher = sealedBytes[RootKeyXmlEncryptor.NonceSize..^RootKeyXmlEncryptor.TagSize];
        var plain = new byte[cipher.Length];
        using (var aes = new AesGcm(_root.Key, RootKeyXmlEncryptor.TagSize))
        {
            aes.Decrypt(
                sealedBytes[..RootKeyXmlEncryptor.NonceSize], cipher, sealedBytes[^RootKeyXmlEncryptor.TagSize..], plain, Encoding.ASCII.GetBytes(id));
        }

        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}
