namespace AgentLab.Core.Workflows.Definition.Rules;

/// <summary>What ids and names may look like.</summary>
internal static class WorkflowNames
{
    // Names that every object of a browser has: as keys of a map there they would be found without being put in.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "constructor", "prototype", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
    };

    /// <summary>A letter, then letters, digits and <c>_</c>, 1 to 50 characters, and no reserved name.</summary>
    public static bool IsId(string? id)
    {
        if (id is not { Length: > 0 and <= WorkflowBounds.IdLength } || !char.IsAsciiLetter(id[0]))
        {
            return false;
        }

        foreach (var letter in id)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '_')
            {
                return false;
            }
        }

        return !Reserved.Contains(id);
    }

    /// <summary>One line that people can read: not blank, no control characters, no half characters.</summary>
    public static bool IsName(string? name, int longest) => name is not null && !string.IsNullOrWhiteSpace(name) && name.Length <= longest && IsText(name, lines: false);

    /// <summary>A text of several lines, perhaps empty.</summary>
    public static bool IsText(string? text, int longest) => text is not null && text.Length <= longest && IsText(text, lines: true);

    /// <summary>A name as messages show it.</summary>
    public static string Short(string? text) => text switch
    {
        null => string.Empty,
        { Length: <= 40 } => text,
        _ => string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[39]) ? 39 : 40), "…"),
    };

    private static bool IsText(string text, bool lines)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (char.IsControl(letter) && !(lines && letter is '\n' or '\r' or '\t'))
            {
                return false;
            }

            if (char.IsSurrogate(letter) && (!char.IsHighSurrogate(letter) || i + 1 == text.Length || !char.IsLowSurrogate(text[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
