using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace AgentLab.Core.Sessions;

/// <summary>What an attachment must be: a text file of one of a few types, named without a path.</summary>
public static class AttachmentRules
{
    /// <summary>The longest name, in characters.</summary>
    public const int NameLength = 200;

    /// <summary>What people are told is allowed.</summary>
    public const string Allowed = "plain text (.txt, .log), Markdown (.md), CSV (.csv) and JSON (.json), written in UTF-8";

    private static readonly Dictionary<string, string> TypeByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".txt"] = "text/plain",
        [".text"] = "text/plain",
        [".log"] = "text/plain",
        [".md"] = "text/markdown",
        [".markdown"] = "text/markdown",
        [".csv"] = "text/csv",
        [".json"] = "application/json",
    };

    /// <summary>The extensions that are allowed, with their dots.</summary>
    public static IReadOnlyCollection<string> Extensions => TypeByExtension.Keys;

    /// <summary>
    /// The last segment of a name as a browser or a script gave it, without control characters and marks that turn the direction of text; null when
    /// nothing is left or it is too long.
    /// </summary>
    public static string? CleanName(string? name)
    {
        if (name is null)
        {
            return null;
        }

        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = new StringBuilder(last.Length);
        var rest = last.AsSpan();
        while (rest.Length > 0)
        {
            // What is not well-formed decodes as the replacement character.
            _ = Rune.DecodeFromUtf16(rest, out var rune, out var used);
            rest = rest[used..];
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
            {
                clean.Append(rune);
            }
        }

        var text = clean.ToString().Normalize(NormalizationForm.FormC).Trim();
        return text.Trim('.').Length == 0 || text.Length > NameLength ? null : text;
    }

    /// <summary>
    /// The media type that the file is kept under: by its extension, or by what the sender says if it has none. Null when it is not an allowed one.
    /// </summary>
    public static string? TypeOf(string name, string? declared)
    {
        var extension = Path.GetExtension(name);
        if (extension.Length > 1)
        {
            return TypeByExtension.GetValueOrDefault(extension);
        }

        var type = declared?.Split(';', 2)[0].Trim().ToLowerInvariant();
        return TypeByExtension.Values.FirstOrDefault(allowed => allowed == type);
    }

    /// <summary>Whether the bytes are text: valid UTF-8 without NUL.</summary>
    public static bool IsText(ReadOnlySpan<byte> content) => !content.Contains((byte)0) && Utf8.IsValid(content);
}
