using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AgentLab.Data.Agents;

/// <summary>Where a page of a list by name ended, of agents for one: the name and the key of its last one. Opaque to clients.</summary>
internal sealed record AgentCursor(string NormalizedName, long Key)
{
    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Key} {NormalizedName}")));

    /// <exception cref="FormatException">The text is not a cursor of ours.</exception>
    public static AgentCursor Parse(string text)
    {
        try
        {
            var parts = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Base64Url.DecodeFromChars(text)).Split(' ', 2);
            // A text column of PostgreSQL takes no NUL.
            if (parts.Length == 2 && !parts[1].Contains('\0') && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var key))
            {
                return new AgentCursor(parts[1], key);
            }
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw Foreign(error);
        }

        throw Foreign(null);
    }

    private static FormatException Foreign(Exception? inner) =>
        new("The cursor is not one that this list gave out. Leave it out to start at the first page.", inner);
}
