using System.Text;

namespace AgentLab.Core.Workflows.Expressions.Templates;

/// <summary>Makes the tree of a template. What it accepts is the language of Handlebars without partials, decorators and named arguments.</summary>
internal sealed class TemplateParser
{
    private const int MostElseIfs = 64;

    private readonly List<Piece> _pieces;
    private readonly HashSet<string> _nodes;
    private int _at;
    private int _chained;

    private TemplateParser(List<Piece> pieces, HashSet<string> nodes) => (_pieces, _nodes) = (pieces, nodes);

    /// <summary>Parses a template; the ids of the nodes that it mentions are added to <paramref name="nodes"/>.</summary>
    /// <exception cref="ExpressionException">It is not well formed, or over a bound.</exception>
    public static IReadOnlyList<TemplateNode> Parse(string template, HashSet<string> nodes)
    {
        if (template.Length > ExpressionLimits.TemplateBytes || Encoding.UTF8.GetByteCount(template) > ExpressionLimits.TemplateBytes)
        {
            throw new ExpressionException("template_too_large", $"The template is longer than {ExpressionLimits.TemplateBytes / 1024} KB. Split it over several nodes.");
        }

        var parser = new TemplateParser(TemplateScanner.Scan(template), nodes);
        var (body, end) = parser.Body([], 0);
        return end is null ? body : throw TemplateScanner.Fault(end.Position, $"{{{{{(end.Kind == PieceKind.Else ? "else" : "/" + end.Text)}}}}} has no block that it belongs to", "Remove it");
    }

    /// <summary>Parses up to an else or a close, or the end of the template.</summary>
    private (List<TemplateNode> Body, Piece? End) Body(IReadOnlyList<BlockNames> names, int depth)
    {
        var body = new List<TemplateNode>();
        while (_at < _pieces.Count)
        {
            var piece = _pieces[_at++];
            switch (piece.Kind)
            {
                case PieceKind.Text when piece.Text.Length > 0:
                    body.Add(new TextNode(piece.Text));
                    break;
                case PieceKind.Output:
                    body.Add(new OutputNode(new ExpressionParser(piece, names, _nodes).ParseAll()));
                    break;
                case PieceKind.Open:
                    body.Add(Block(piece, piece.Text, names, depth + 1));
                    break;
                case PieceKind.Else or PieceKind.Close:
                    return (body, piece);
            }
        }

        return (body, null);
    }

    private TemplateNode Block(Piece open, string text, IReadOnlyList<BlockNames> names, int depth)
    {
        if (depth > ExpressionLimits.Depth)
        {
            throw new ExpressionException("template_too_deep", $"Blocks are nested deeper than {ExpressionLimits.Depth} levels. Prepare the value in a node before.");
        }

        var (node, close) = ReadBlock(open, text, names, depth);
        var expected = text.Split(' ', 2)[0];
        return close?.Kind == PieceKind.Close && close.Text == Outermost(open)
            ? node
            : throw TemplateScanner.Fault(close?.Position ?? open.Position, $"{{{{#{expected}}}}} is not closed by {{{{/{Outermost(open)}}}}}", "Close the blocks in the order in which they were opened");
    }

    private static string Outermost(Piece open) => open.Text.Split([' ', '\t', '\n', '\r', '('], 2)[0];

    /// <summary>The block with its branches, and the close that ended it, which an <c>else if</c> shares with the block that it continues.</summary>
    private (TemplateNode Node, Piece? Close) ReadBlock(Piece open, string text, IReadOnlyList<BlockNames> names, int depth)
    {
        var parser = new ExpressionParser(new Piece(open.Kind, text, open.Position), names, _nodes);
        var (helper, subject, itemName, indexName) = parser.ParseBlock();
        var isContext = helper is "each" or "with";
        var (body, end) = Body(isContext ? [.. names, new BlockNames(itemName, indexName)] : names, depth);
        var (otherwise, close) = end?.Kind == PieceKind.Else ? Else(end, open, names, depth) : ([], end);
        TemplateNode node = isContext
            ? new ContextNode(subject, helper == "each", itemName, indexName, body, otherwise)
            : new IfNode(subject, helper == "unless", body, otherwise);
        return (node, close);
    }

    private (List<TemplateNode> Body, Piece? Close) Else(Piece found, Piece open, IReadOnlyList<BlockNames> names, int depth)
    {
        if (found.Text.Length == 0)
        {
            return Body(names, depth);
        }

        // Each else-if lies inside the one before it.
        if (++_chained > MostElseIfs)
        {
            throw new ExpressionException("template_too_deep", "There are too many else-ifs one after the other. Use a switch node.");
        }

        var (node, close) = ReadBlock(new Piece(open.Kind, open.Text, found.Position), found.Text, names, depth);
        _chained--;
        return ([node], close);
    }
}

/// <summary>The names that a block gives to what it is about.</summary>
internal sealed record BlockNames(string? Item, string? Index);
