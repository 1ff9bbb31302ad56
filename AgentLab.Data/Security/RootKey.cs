using System.Security.Cryptography;
using System.Text;
using AgentLab.Data.Databases;
using Microsoft.Extensions.Configuration;

namespace AgentLab.Data.Security;

/// <summary>
/// The key under which the keys in the database are encrypted; kept outside it, so that a copy of the database alone opens nothing.
/// Taken from <c>AgentLab:RootKey</c>, else from the secret file, else from root.key in the data directory, which is made at first use.
/// </summary>
/// <remarks>Any text of at least 32 characters serves (44 of base64 are 256 random bits); the AES key is derived from its UTF-8 bytes.</remarks>
internal sealed class RootKey
{
    public const string Setting = "AgentLab:RootKey";
    public const string SecretFileSetting = "AgentLab:RootKeyFile";
    public const string SecretFile = "/run/secrets/agentlab_root_key";
    public const string FileName = "root.key";
    private const int ShortestText = 32;
    private readonly Lazy<(byte[] Key, string Id)> _derived;

    public RootKey(IConfiguration configuration, DataDirectory directory)
    {
        _derived = new Lazy<(byte[] Key, string Id)>(() => Derive(Read(configuration, directory)));
    }

    /// <summary>256 bits for AES.</summary>
    public byte[] Key => _derived.Value.Key;

    /// <summary>Says which root key it is and gives nothing away.</summary>
    public string Id => _derived.Value.Id;

    private static string Read(IConfiguration configuration, DataDirectory directory)
    {
        if (configuration[Setting] is { Length: > 0 } text)
        {
            return Check(text, Setting);
        }

        var file = configuration[SecretFileSetting] ?? SecretFile;
        if (File.Exists(file))
        {
            return Check(File.ReadAllText(file), file);
        }

        directory.Ensure();
        var own = directory.PathOf(FileName);
        if (!File.Exists(own))
        {
            Generate(own);
        }

        return Check(File.ReadAllText(own), own);
    }

    private static string Check(string text, string source)
    {
        var trimmed = text.Trim();
        return trimmed.Length >= ShortestText ? trimmed : throw new LabStartupException(
            LabStartupException.RootKeyUnusable,
            $"The root key in {source} has {trimmed.Length} characters and needs at least {ShortestText}: make one with 'openssl rand -base64 32'.");
    }

    private static void Generate(string path)
    {
        var fresh = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(fresh, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(fresh, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another node that shares the folder was first; its key holds.
            File.Delete(fresh);
        }
    }

    private static (byte[] Key, string Id) Derive(string text)
    {
        var material = Encoding.UTF8.GetBytes(text);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 32, info: "agentlab data protection 1"u8.ToArray());
        var id = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 8, info: "agentlab root key id 1"u8.ToArray());
        return (key, Convert.ToHexStringLower(id));
    }
}
