using System.Globalization;
using System.Text;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Gallery;

/// <summary>
/// Draws a definition as SVG, for galleries and lists: groups, edges, nodes with icon and name. Its colors are the page's custom properties (<c>--surface</c>, <c>--wire</c>, <c>--control-line</c>,
/// <c>--ink</c>, <c>--ink-2</c>, <c>--accent-text</c>) with the text color in their place where there are none, so that it follows the theme when it stands in the page. Names are
/// text only. A graph that is so wide that its names could not be read is drawn closer together, each node a tile with its icon.
/// </summary>
public static class WorkflowPicture
{
    private const double NodeHeight = 80;
    private const double Widest = 1_300;
    private const double Margin = 24;
    private const int MostNames = 200;
    private const int NameLength = 19;

    private const string UnknownIcon = "M9.5 9a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 16.5v.01";

    /// <summary>The picture; as wide as the place it is put in.</summary>
    public static string Draw(WorkflowDefinition definition, INodeKinds kinds)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var graph = WorkflowGraph.Of(definition, kinds);
        var measures = Frame(definition, Named) is { Width: > Widest } ? Tiles : Named;
        var (left, top, width, height) = Frame(definition, measures);
        var svg = new StringBuilder(4_096);
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{left:0.#} {top:0.#} {width:0.#} {height:0.#}\" role=\"img\" aria-label=\"");
        AppendText(svg, Summary(definition));
        svg.Append("\" font-family=\"inherit\" fill=\"none\">");
        foreach (var group in definition.Groups)
        {
            Group(svg, group, measures);
        }

        svg.Append("<g stroke=\"var(--wire, currentColor)\" stroke-width=\"3\">");
        for (var edge = 0; edge < definition.Edges.Count; edge++)
        {
            Edge(svg, graph, edge, measures);
        }

        svg.Append("</g>");
        for (var node = 0; node < graph.Count; node++)
        {
            Node(svg, graph, node, measures);
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>How the picture is drawn.</summary>
    /// <param name="Across">What a distance to the right is multiplied by.</param>
    /// <param name="NodeWidth">How wide a node is.</param>
    /// <param name="Names">Whether names stand in the nodes.</param>
    private readonly record struct Measures(double Across, double NodeWidth, bool Names)
    {
        public double X(double x) => Sound(x) * Across;
    }

    private static Measures Named { get; } = new(1, 240, Names: true);

    private static Measures Tiles { get; } = new(0.5, 112, Names: false);

    private static (double Left, double Top, double Width, double Height) Frame(WorkflowDefinition definition, Measures measures)
    {
        (double X, double Y, double Right, double Bottom)[] boxes =
        [
            .. definition.Nodes.Select(node => (measures.X(node.X), Sound(node.Y), measures.X(node.X) + measures.NodeWidth, Sound(node.Y) + NodeHeight)),
            .. definition.Groups.Select(group => (measures.X(group.X), Sound(group.Y), measures.X(group.X) + measures.X(group.Width), Sound(group.Y) + Sound(group.Height))),
        ];
        if (boxes.Length == 0)
        {
            return (0, 0, measures.NodeWidth, NodeHeight);
        }

        var (left, top) = (boxes.Min(box => box.X) - Margin, boxes.Min(box => box.Y) - Margin);
        return (left, top, boxes.Max(box => box.Right) + Margin - left, boxes.Max(box => box.Bottom) + Margin - top);
    }

    private static string Summary(WorkflowDefinition definition)
    {
        var names = definition.Nodes.Take(8).Select(node => Cut(node.Name));
        return $"{Cut(definition.Name)}: {string.Join(", ", names)}{(definition.Nodes.Count > 8 ? " …" : string.Empty)}";
    }

    private static void Group(StringBuilder svg, WorkflowGroup group, Measures measures)
    {
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<rect x=\"{measures.X(group.X):0.#}\" y=\"{Sound(group.Y):0.#}\" width=\"{Math.Max(0, measures.X(group.Width)):0.#}\" height=\"{Math.Max(0, Sound(group.Height)):0.#}\" rx=\"12\" stroke=\"var(--control-line, currentColor)\" stroke-dasharray=\"6 6\"/>");
        if (measures.Names)
        {
            Text(svg, measures.X(group.X) + 12, Sound(group.Y) + 22, 14, "var(--ink-2, currentColor)", group.Name);
        }
    }

    private static void Edge(StringBuilder svg, WorkflowGraph graph, int edge, Measures measures)
    {
        if (graph.Source(edge) < 0)
        {
            return;
        }

        var (from, to) = (graph.Node(graph.Source(edge)), graph.Node(graph.Target(edge)));
        var (x1, y1) = (measures.X(from.X) + measures.NodeWidth, Sound(from.Y) + (NodeHeight * PortPlace(graph, edge)));
        var (x2, y2) = (measures.X(to.X), Sound(to.Y) + (NodeHeight / 2));
        var bend = Math.Max(40 * measures.Across, Math.Abs(x2 - x1) / 2);
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x1:0.#} {y1:0.#}C{x1 + bend:0.#} {y1:0.#} {x2 - bend:0.#} {y2:0.#} {x2:0.#} {y2:0.#}\"/>");
    }

    /// <summary>How far down the node's right side the edge begins, 0 to 1.</summary>
    private static double PortPlace(WorkflowGraph graph, int edge)
    {
        var source = graph.Source(edge);
        var ports = graph.Kind(source) is { } kind ? Definition.Rules.EdgeRules.Outputs(kind, graph.Node(source)) : [];
        var count = ports.Count + (graph.Node(source).OnError == OnNodeError.Port ? 1 : 0);
        var place = ports.Count;
        for (var i = 0; i < ports.Count; i++)
        {
            place = ports[i].Name == graph.Edge(edge).FromPort ? i : place;
        }

        return count <= 1 ? 0.5 : (Math.Min(place, count - 1) + 1.0) / (count + 1);
    }

    private static void Node(StringBuilder svg, WorkflowGraph graph, int at, Measures measures)
    {
        var node = graph.Node(at);
        var round = graph.Role(at) == NodeRole.Trigger ? 40 : 12;
        svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({measures.X(node.X):0.#} {Sound(node.Y):0.#})\"{(node.Disabled ? " opacity=\"0.5\"" : string.Empty)}>");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<rect width=\"{measures.NodeWidth}\" height=\"{NodeHeight}\" rx=\"{round}\" fill=\"var(--surface, transparent)\" stroke=\"var(--control-line, currentColor)\" stroke-width=\"2\"/>");
        var place = measures.Names ? "translate(20 24) scale(1.333)" : string.Create(CultureInfo.InvariantCulture, $"translate({(measures.NodeWidth / 2) - 24} 16) scale(2)");
        svg.Append("<path transform=\"").Append(place).Append("\" stroke=\"var(--accent-text, currentColor)\" stroke-width=\"1.75\" stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"")
            .Append(Icon(graph.Kind(at)?.Description.Icon)).Append("\"/>");
        if (measures.Names && graph.Count <= MostNames)
        {
            Text(svg, 66, 46, 16, "var(--ink, currentColor)", node.Name);
        }

        svg.Append("</g>");
    }

    private static void Text(StringBuilder svg, double x, double y, int size, string color, string text)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size}\" fill=\"{color}\">");
        AppendText(svg, Cut(text));
        svg.Append("</text>");
    }

    /// <summary>Path data holds letters, digits and a few signs; anything else is no icon.</summary>
    private static string Icon(string? path) =>
        path is { Length: > 0 } && path.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '.' or ',' or '-') ? path : UnknownIcon;

    private static string Cut(string text) => text.Length <= NameLength ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[NameLength - 2]) ? NameLength - 2 : NameLength - 1), "…");

    private static double Sound(double number) => double.IsFinite(number) ? Math.Clamp(number, -WorkflowBounds.Coordinate, WorkflowBounds.Coordinate) : 0;

    private static void AppendText(StringBuilder svg, string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '<' => svg.Append("&lt;"),
                '>' => svg.Append("&gt;"),
                '&' => svg.Append("&amp;"),
                '"' => svg.Append("&quot;"),
                '\'' => svg.Append("&#39;"),
                < 0x20 or 0x7F or 0xFFFE or 0xFFFF => svg.Append(' '),
                _ => svg.Append(rune.ToString()),
            };
        }
    }
}
