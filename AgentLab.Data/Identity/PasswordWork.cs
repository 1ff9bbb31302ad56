using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace AgentLab.Data.Identity;

/// <summary>Hashes and verifies passwords off the caller's thread, a few at a time, so that a wave of sign-ins cannot starve everything else.</summary>
internal sealed class PasswordWork(IPasswordHasher<LabUser> hasher) : IDisposable
{
    private static readonly LabUser Nobody = new();
    private readonly SemaphoreSlim _places = new(Math.Max(1, Environment.ProcessorCount));
    private readonly Lazy<string> _dummy = new(() => hasher.HashPassword(Nobody, Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));

    /// <summary>Hashes with the present work factor.</summary>
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        InPlaceAsync(() => hasher.HashPassword(Nobody, password), cancellationToken);

    /// <summary>Verifies; without a hash it does the same work on a dummy and fails, so that time tells nothing.</summary>
    public Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellationToken) =>
        InPlaceAsync(
            () =>
            {
                var result = hasher.VerifyHashedPassword(Nobody, hash ?? _dummy.Value, password);
                return hash is null ? PasswordVerificationResult.Failed : result;
            },
            cancellationToken);

    public void Dispose() => _places.Dispose();

    private async Task<T> InPlaceAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            _places.Release();
        }
    }
}
