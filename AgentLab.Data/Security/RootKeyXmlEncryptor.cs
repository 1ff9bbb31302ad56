using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace AgentLab.Data.Security;

/// <summary>Encrypts data protection's keys with AES-256-GCM under the root key.</summary>
internal sealed class RootKeyXmlEncryptor(RootKey root) : IXmlEncryptor
{
    public const int NonceSize = 12;
    public const int TagSize = 16;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealedBytes = new byte[NonceSize + plain.Length + TagSize];
        var nonce = sealedBytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using (var aes = new AesGcm(root.Key, TagSize))
        {
            aes.Encrypt(
                nonce, plain, sealedBytes.AsSpan(NonceSize, plain.Length), sealedBytes.AsSpan(NonceSize + plain.Length), Encoding.ASCII.GetBytes(root.Id));
        }

        CryptographicOperations.ZeroMemory(plain);
        var element = new XElement("aes256Gcm", new XAttribute("rootKey", root.Id), Convert.ToBase64String(sealedBytes));
        return new EncryptedXmlInfo(element, typeof(RootKeyXmlDecryptor));
    }
}
