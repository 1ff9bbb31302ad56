namespace AgentLab.Core.Workflows.Expressions.Templates;

/// <summary>What stands between two braces, or the text round them.</summary>
internal enum PieceKind
{
    Text,
    Output,
    Open,
    Else,
    Close,
    Comment,
}

/// <summary>A piece of a template.</summary>
internal sealed class Piece(PieceKind kind, string text, int position)
{
    public PieceKind Kind => kind;

    /// <summary>The text, or what stands inside the braces without its mark.</summary>
    public string Text { get; set; } = text;

    /// <summary>Where it begins in the template, for messages.</summary>
    public int Position => position;

    public bool TrimsBefore { get; init; }

    public bool TrimsAfter { get; init; }
}

/// <summary>Cuts a template into its pieces, and takes away the line of a block's mark that stands alone on it, as Handlebars does.</summary>
internal static class TemplateScanner
{
    public static List<Piece> Scan(string template)
    {
        var pieces = new List<Piece>();
        var text = new System.Text.StringBuilder();
        var at = 0;
        while (at < template.Length)
        {
            var open = template.IndexOf("{{", at, StringComparison.Ordinal);
            if (open < 0)
            {
                break;
            }

            if (open > at && template[open - 1] == '\\')
            {
                // \{{ is how a text says {{ itself.
                text.Append(template, at, open - 1 - at).Append("{{");
                at = open + 2;
                continue;
            }

            text.Append(template, at, open - at);
            AddText(pieces, text, at);
            at = AddTag(pieces, template, open);
        }

        text.Append(template, at, template.Length - at);
        AddText(pieces, text, at);
        TrimLines(pieces);
        return pieces;
    }

    private static void AddText(List<Piece> pieces, System.Text.StringBuilder text, int position)
    {
        if (text.Length > 0)
        {
            pieces.Add(new Piece(PieceKind.Text, text.ToString(), position));
            text.Clear();
        }
    }

    /// <returns>Where the template goes on.</returns>
    private static int AddTag(List<Piece> pieces, string template, int open)
    {
        if (template.AsSpan(open).StartsWith("{{!--") || template.AsSpan(open).StartsWith("{{~!--"))
        {
            var closed = template.IndexOf("--", template.IndexOf("!--", open, StringComparison.Ordinal) + 3, StringComparison.Ordinal);
            closed = closed < 0 ? -1 : template.IndexOf("}}", closed, StringComparison.Ordinal);
            return Comment(pieces, template, open, closed);
        }

        if (template.AsSpan(open + 2).StartsWith("!") || template.AsSpan(open + 2).StartsWith("~!"))
        {
            return Comment(pieces, template, open, template.IndexOf("}}", open, StringComparison.Ordinal));
        }

        var triple = template.AsSpan(open).StartsWith("{{{");
        var begin = open + (triple ? 3 : 2);
        var end = EndOf(template, begin);
        if (end < 0)
        {
            throw Fault(open, "{{ has no }}", "Close it, or write \\{{ for the braces themselves");
        }

        var after = end + 2;
        if (triple && (after >= template.Length || template[after++] != '}'))
        {
            throw Fault(open, "{{{ has no }}}", "Close it");
        }

        var inside = template.AsSpan(begin, end - begin);
        var (trimsBefore, trimsAfter) = (inside.StartsWith("~"), inside.EndsWith("~") && inside.Length > 1);
        inside = inside[(trimsBefore ? 1 : 0)..(trimsAfter ? ^1 : ^0)].Trim();
        var (kind, length) = KindOf(inside, open);
        pieces.Add(new Piece(kind, inside[length..].Trim().ToString(), open) { TrimsBefore = trimsBefore, TrimsAfter = trimsAfter });
        return after;
    }

    private static int Comment(List<Piece> pieces, string template, int open, int end)
    {
        if (end < 0)
        {
            throw Fault(open, "a comment has no end", "Close it with }}");
        }

        pieces.Add(new Piece(PieceKind.Comment, string.Empty, open) { TrimsBefore = template[open + 2] == '~', TrimsAfter = template[end - 1] == '~' });
        return end + 2;
    }

    /// <summary>The braces that close, leaving those inside quotes alone.</summary>
    private static int EndOf(string template, int at)
    {
        char quote = default;
        for (; at < template.Length; at++)
        {
            var letter = template[at];
            if (quote != default)
            {
                at += letter == '\\' ? 1 : 0;
                quote = letter == quote ? default : quote;
            }
            else if (letter is '"' or '\'')
            {
                quote = letter;
            }
            else if (letter == '}' && at + 1 < template.Length && template[at + 1] == '}')
            {
                return at;
            }
        }

        return -1;
    }

    private static (PieceKind Kind, int Length) KindOf(ReadOnlySpan<char> inside, int position)
    {
        if (inside.Length == 0)
        {
            throw Fault(position, "{{}} is empty", "Write a path such as {{data.name}} into it");
        }

        if (inside[0] is '>' or '*' || inside.StartsWith("#>") || inside.StartsWith("#*"))
        {
            throw Fault(position, "partials and decorators are not known here", "Use a sub-workflow, or write the text out");
        }

        if (inside[0] == '^' || inside is "else" || inside.StartsWith("else "))
        {
            return (PieceKind.Else, inside[0] == '^' ? 1 : 4);
        }

        return inside[0] switch
        {
            '#' => (PieceKind.Open, 1),
            '/' => (PieceKind.Close, 1),
            '&' => (PieceKind.Output, 1),
            _ => (PieceKind.Output, 0),
        };
    }

    private static void TrimLines(List<Piece> pieces)
    {
        var alone = pieces.Select((piece, i) => piece.Kind is not (PieceKind.Text or PieceKind.Output) && BeginsLine(pieces, i) && EndsLine(pieces, i)).ToArray();
        for (var i = 0; i < pieces.Count; i++)
        {
            if (i > 0 && pieces[i - 1].Kind == PieceKind.Text)
            {
                var before = pieces[i - 1];
                before.Text = pieces[i].TrimsBefore ? before.Text.TrimEnd() : alone[i] ? before.Text.TrimEnd(' ', '\t') : before.Text;
            }

            if (i + 1 < pieces.Count && pieces[i + 1].Kind == PieceKind.Text)
            {
                var after = pieces[i + 1];
                after.Text = pieces[i].TrimsAfter ? after.Text.TrimStart() : alone[i] ? WithoutFirstLine(after.Text) : after.Text;
            }
        }
    }

    private static bool BeginsLine(List<Piece> pieces, int i)
    {
        if (i == 0)
        {
            return true;
        }

        var before = pieces[i - 1];
        if (before.Kind != PieceKind.Text)
        {
            return false;
        }

        var rest = before.Text.AsSpan().TrimEnd(" \t");
        return rest.Length == 0 ? i == 1 : rest[^1] == '\n';
    }

    private static bool EndsLine(List<Piece> pieces, int i)
    {
        if (i == pieces.Count - 1)
        {
            return true;
        }

        var after = pieces[i + 1];
        if (after.Kind != PieceKind.Text)
        {
            return false;
        }

        var rest = after.Text.AsSpan().TrimStart(" \t");
        return rest.Length == 0 ? i == pieces.Count - 2 : rest[0] == '\n' || rest.StartsWith("\r\n");
    }

    private static string WithoutFirstLine(string text)
    {
        var rest = text.TrimStart(' ', '\t');
        return rest.StartsWith("\r\n", StringComparison.Ordinal) ? rest[2..] : rest.StartsWith('\n') ? rest[1..] : rest;
    }

    internal static ExpressionException Fault(int position, string what, string mend) =>
        new("template_syntax", $"At character {position + 1}: {what}. {mend}.");
}
