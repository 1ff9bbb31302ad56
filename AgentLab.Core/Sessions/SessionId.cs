using System.Diagnostics.CodeAnalysis;

namespace AgentLab.Core.Sessions;

/// <summary>
/// The public identity of a session. The server makes it (a UUIDv7 in text form); a client only hands it back.
/// Any text of 1 to 100 characters of <c>[a-zA-Z0-9-_]</c> is a well-formed id, everything else is refused at the entrance.
/// </summary>
public readonly record struct SessionId
{
    /// <summary>The longest id that is accepted, in characters.</summary>
    public const int MaxLength = 100;

    private SessionId(string value) => Value = value;

    /// <summary>The text of the id; empty for <c>default</c>.</summary>
    public string Value { get => field ?? string.Empty; }

    /// <summary>A new id, later ones sorting after earlier ones.</summary>
    public static SessionId New() => new(Guid.CreateVersion7().ToString("D"));

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">The text is not a well-formed id.</exception>
    public static SessionId Parse(string text) =>
        TryParse(text, null, out var id) ? id : throw new FormatException("A session id is 1 to 100 characters of a-z, A-Z, 0-9, '-' and '_'.");

    /// <summary>Reads an id; false when the text is not well formed. The provider is not used: it makes the method fit route binding.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, out SessionId id)
    {
        id = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        id = new SessionId(text);
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
