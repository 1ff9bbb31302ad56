using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentLab.Core.Models;

namespace AgentLab.Core.Workflows.Nodes.Outside;

/// <summary>
/// How what goes out is signed, as webhooks of this program expect it: <c>sha256=</c> and the HMAC-SHA-256 in hex over <c>timestamp.body</c>, with the time of sending (Unix seconds) in a
/// header of its own, so that a request that somebody caught is soon worth nothing.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>The header of the signature.</summary>
    public const string Header = "X-Signature-256";

    /// <summary>The header of the time of sending.</summary>
    public const string TimestampHeader = "X-Timestamp";

    /// <summary>The headers that sign a body now.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(Secret secret, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret.Reveal()));
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp + "."));
        hmac.AppendData(body);
        return [new(TimestampHeader, timestamp), new(Header, "sha256=" + Convert.ToHexStringLower(hmac.GetHashAndReset()))];
    }
}
