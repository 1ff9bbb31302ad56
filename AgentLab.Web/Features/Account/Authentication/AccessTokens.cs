using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace AgentLab.Web.Features.Account.Authentication;

/// <summary>Access tokens: a sign-in session's id and an end, sealed with the data-protection keys. They say nothing to whoever holds them.</summary>
internal sealed class AccessTokens(IDataProtectionProvider protection, TimeProvider time)
{
    private const int Length = 24;
    private readonly IDataProtector _protector = protection.CreateProtector("AgentLab.AccessToken.v1");

    /// <summary>A token for <paramref name="signInSession"/> that holds for <paramref name="lifetime"/>.</summary>
    public string Make(Guid signInSession, TimeSpan lifetime)
    {
        var payload = new byte[Length];
        signInSession.TryWriteBytes(payload);
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(16), (time.GetUtcNow() + lifetime).ToUnixTimeMilliseconds());
        return WebEncoders.Base64UrlEncode(_protector.Protect(payload));
    }

    /// <summary>The sign-in session of a token that is ours and has not ended; null otherwise.</summary>
    public Guid? Read(string token)
    {
        try
        {
            var payload = _protector.Unprotect(WebEncoders.Base64UrlDecode(token));
            return payload.Length == Length
                && BinaryPrimitives.ReadInt64BigEndian(payload.AsSpan(16)) > time.GetUtcNow().ToUnixTimeMilliseconds()
                ? new Guid(payload.AsSpan(0, 16))
                : null;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
