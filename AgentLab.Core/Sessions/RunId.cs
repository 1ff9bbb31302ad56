using System.Diagnostics.CodeAnalysis;

namespace AgentLab.Core.Sessions;

/// <summary>The identity of a run (a UUIDv7); unique over all sessions.</summary>
public readonly record struct RunId(Guid Value)
{
    /// <summary>A new id, later ones sorting after earlier ones.</summary>
    public static RunId New() => new(Guid.CreateVersion7());

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not a UUID.</exception>
    public static RunId Parse(string text) => new(Guid.ParseExact(text, "D"));

    /// <summary>Reads the text form; false when it is not a UUID. The provider is not used: it makes the method fit route binding.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, out RunId id)
    {
        var read = Guid.TryParseExact(text, "D", out var value);
        id = new RunId(value);
        return read;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString("D");
}
