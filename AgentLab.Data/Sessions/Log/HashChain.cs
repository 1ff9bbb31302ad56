using System.Security.Cryptography;

namespace AgentLab.Data.Sessions.Log;

/// <summary>
/// The hash of an event is SHA-256 over the hash of the event before it and the event's JSON as viewers get it; before the first event stand 32 zero bytes.
/// A changed, missing or moved byte anywhere before an event changes that event's hash.
/// </summary>
internal static class HashChain
{
    /// <summary>What stands before the first event.</summary>
    public static byte[] Start { get; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>The hash of the next event.</summary>
    public static byte[] Next(ReadOnlySpan<byte> previous, ReadOnlySpan<byte> json)
    {
        const int StackLimit = 2048;
        var length = previous.Length + json.Length;
        if (length <= StackLimit)
        {
            Span<byte> joined = stackalloc byte[length];
            previous.CopyTo(joined);
            json.CopyTo(joined[previous.Length..]);
            return SHA256.HashData(joined);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        hash.AppendData(json);
        return hash.GetHashAndReset();
    }
}
