using System.Net;
using System.Security.Cryptography;
using System.Text;
using AgentLab.Core.Identity;

namespace AgentLab.Web.Features.Account.Setup;

/// <summary>Knows whether AgentLab still needs its first administrator, and who may make it.</summary>
internal sealed class SetupGate(IAccounts accounts)
{
    // Letters and digits that nobody mistakes for each other.
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private volatile bool _done;

    /// <summary>The one-time code that the console shows; asked for unless the visitor sits at this machine.</summary>
    public string Code { get; } = $"{RandomNumberGenerator.GetString(Alphabet, 5)}-{RandomNumberGenerator.GetString(Alphabet, 5)}";

    /// <summary>Whether there is no administrator yet. Once there is one, this never asks the database again.</summary>
    public async ValueTask<bool> IsNeededAsync(CancellationToken cancellationToken)
    {
        if (!_done && await accounts.HasAdministratorAsync(cancellationToken))
        {
            _done = true;
        }

        return !_done;
    }

    /// <summary>Whether <paramref name="typed"/> is the code, in any case, with or without its dash.</summary>
    public bool IsCode(string? typed) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Plain(typed ?? "")), Encoding.UTF8.GetBytes(Plain(Code)));

    /// <summary>
    /// Whether the visitor sits at this machine: a loopback address, no proxy in between, and a host name that is loopback's own,
    /// since a foreign page can make a browser ask 127.0.0.1 under a name of its choice.
    /// </summary>
    public static bool IsLocal(HttpContext context)
    {
        var request = context.Request;
        return context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && !request.Headers.Keys.Any(IsProxyHeader)
            && (request.Host.Host is "localhost" || (IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host)));
    }

    private static bool IsProxyHeader(string name) =>
        name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, "Forwarded", StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, "X-Real-IP", StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, "Via", StringComparison.OrdinalIgnoreCase);

    private static string Plain(string code) => code.Replace("-", "", StringComparison.Ordinal).Trim().ToUpperInvariant();
}
