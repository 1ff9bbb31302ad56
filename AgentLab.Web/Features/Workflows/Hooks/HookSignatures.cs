using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentLab.Core.Security;
using AgentLab.Core.Workflows.Triggers;
using AgentLab.Web.Hosting.Problems;

namespace AgentLab.Web.Features.Workflows.Hooks;

/// <summary>
/// Checks that a request comes from whoever knows the trigger's secret: <c>sha256=</c> and the HMAC-SHA-256 in hex over <c>timestamp.body</c>, with the time of sending (Unix seconds) in
/// <c>X-Timestamp</c>; over the body alone where the trigger does not ask for the time.
/// </summary>
internal sealed class HookSignatures(INamedSecrets secrets, TimeProvider clock)
{
    /// <summary>The header that carries the time of sending.</summary>
    public const string TimestampHeader = "X-Timestamp";

    private const string Prefix = "sha256=";
    private const int HexLength = 2 * HMACSHA256.HashSizeInBytes;

    /// <summary>How far the sender's clock may be from ours: what is older cannot be sent again, what is newer was signed in advance.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Looks at the signature. Returns the key by which the same request sent again within the window is known; null when the trigger takes unsigned requests or the signature does
    /// not cover the time.
    /// </summary>
    /// <exception cref="HookRefusedException">It is missing, wrong or too old.</exception>
    public string? Check(HttpRequest request, WebhookTrigger trigger, ReadOnlySpan<byte> body)
    {
        if (trigger.Secret is null)
        {
            return null;
        }

        var secret = secrets.Find(trigger.Secret)
            ?? throw new HookRefusedException(ErrorCodes.Unavailable, "The secret that this webhook is checked by is not set.");
        var given = request.Headers[trigger.SignatureHeader].ToString();
        var timestamp = request.Headers[TimestampHeader].ToString();
        if (timestamp.Length == 0 && trigger.TimestampNeeded)
        {
            throw Refused($"The request needs its time of sending in {TimestampHeader}, as Unix seconds, which the signature covers.");
        }

        if (timestamp.Length > 0)
        {
            CheckTime(timestamp);
        }

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Sign(secret.Reveal(), timestamp, body, expected);
        Span<byte> received = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var wellFormed = given.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && given.Length == Prefix.Length + HexLength
            && Convert.FromHexString(given.AsSpan(Prefix.Length), received, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == received.Length;
        if (!wellFormed || !CryptographicOperations.FixedTimeEquals(expected, received))
        {
            throw Refused($"The signature in {trigger.SignatureHeader} does not fit: sha256= and the HMAC-SHA-256 in hex over {(timestamp.Length > 0 ? "timestamp.body" : "the body")}.");
        }

        return timestamp.Length > 0 ? $"signature {Convert.ToHexStringLower(received)}" : null;
    }

    /// <summary>The signature of a body: over <c>timestamp.body</c>, or the body alone for an empty timestamp.</summary>
    internal static void Sign(string secret, string timestamp, ReadOnlySpan<byte> body, Span<byte> signature)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        if (timestamp.Length > 0)
        {
            hmac.AppendData(Encoding.UTF8.GetBytes($"{timestamp}."));
        }

        hmac.AppendData(body);
        hmac.GetHashAndReset(signature);
    }

    private void CheckTime(string timestamp)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 99_999_999_999)
        {
            throw Refused($"{TimestampHeader} must be Unix seconds.");
        }

        if ((clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Window)
        {
            throw Refused($"{TimestampHeader} is more than {Window.TotalMinutes:0} minutes away from the time here.");
        }
    }

    private static HookRefusedException Refused(string message) => new(ErrorCodes.SignatureRefused, message);
}
