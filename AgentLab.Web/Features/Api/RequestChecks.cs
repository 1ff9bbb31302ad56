using System.Diagnostics.CodeAnalysis;
using AgentLab.Core.Sessions;

namespace AgentLab.Web.Features.Api;

/// <summary>Gathers what is wrong with the values of a request, so that all of it is said at once.</summary>
internal sealed class RequestChecks
{
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    /// <summary>A field each, with what was wrong and what is allowed.</summary>
    public IDictionary<string, string[]> Errors => _errors;

    /// <summary>Whether nothing was wrong.</summary>
    public bool Ok => _errors.Count == 0;

    /// <summary>The limit of a page.</summary>
    public int Limit(int? limit, int most = Paging.MaxLimit, int usual = Paging.DefaultLimit) =>
        Within("limit", limit ?? usual, 1, most);

    /// <summary>The value, which must lie in the bounds.</summary>
    public int Within(string field, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            Add(field, $"{value} is not allowed: {least} to {most}.");
        }

        return value;
    }

    /// <summary>One of the words of an enumeration, in any case; null stays null.</summary>
    public T? Word<T>(string field, string? text) where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && char.IsAsciiLetter(text[0]))
        {
            return value;
        }

        var allowed = Enum.GetNames<T>().Select(n => char.ToLowerInvariant(n[0]) + n[1..]);
        Add(field, $"'{Shortened(text)}' is not allowed: {string.Join(", ", allowed)}.");
        return null;
    }

    /// <summary>The client's key of a creating request; null when it gave none.</summary>
    public RequestKey? Key(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(IdempotencyHeader.Name, out var values))
        {
            return null;
        }

        var key = values.ToString();
        if (IdempotencyHeader.IsAllowed(key))
        {
            return new RequestKey(key);
        }

        Add(IdempotencyHeader.Name, "The key must be 1 to 255 printable ASCII characters.");
        return null;
    }

    /// <summary>The body, which must be there.</summary>
    public bool Body<T>([NotNullWhen(true)] T? body) where T : class
    {
        if (body is null)
        {
            Add("body", "The request needs a body of JSON.");
        }

        return body is not null;
    }

    /// <summary>Notes a fault.</summary>
    public void Add(string field, string message) =>
        _errors[field] = _errors.TryGetValue(field, out var before) ? [.. before, message] : [message];

    private static string Shortened(string text) => text.Length <= 50 ? text : string.Concat(text.AsSpan(0, 50), "…");
}

/// <summary>The header by which a request that comes twice takes effect once.</summary>
internal static class IdempotencyHeader
{
    public const string Name = "Idempotency-Key";

    public static bool IsAllowed(string key) => key.Length is >= 1 and <= 255 && key.All(c => c is >= ' ' and <= '~');
}
