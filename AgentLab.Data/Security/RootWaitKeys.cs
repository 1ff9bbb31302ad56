using System.Security.Cryptography;
using System.Text;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Data.Security;

/// <summary>Keys of waits under the root key: every process of an installation makes the same ones, across restarts. Another root key makes others, which wake nothing that waits.</summary>
internal sealed class RootWaitKeys(RootKey root) : IWaitKeys
{
    private const int Bytes = 24;

    private readonly Lazy<byte[]> _key = new(() => HKDF.DeriveKey(HashAlgorithmName.SHA256, root.Key, HMACSHA256.HashSizeInBytes, info: "AgentLab waits"u8.ToArray()));

    /// <inheritdoc />
    public string Of(RunId run, string stepId) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes($"{run}/{stepId}")).AsSpan(0, Bytes));
}
