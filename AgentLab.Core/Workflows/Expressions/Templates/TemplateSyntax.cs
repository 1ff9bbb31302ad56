namespace AgentLab.Core.Workflows.Expressions.Templates;

/// <summary>A part of a template between or inside braces.</summary>
internal abstract record TemplateNode;

/// <summary>Text as it stands.</summary>
internal sealed record TextNode(string Text) : TemplateNode;

/// <summary><c>{{expression}}</c>.</summary>
internal sealed record OutputNode(TemplateExpression Expression) : TemplateNode;

/// <summary><c>{{#if a}}…{{else if b}}…{{else}}…{{/if}}</c>; <c>unless</c> is an <c>if</c> of the opposite.</summary>
internal sealed record IfNode(TemplateExpression Condition, bool Opposite, IReadOnlyList<TemplateNode> Then, IReadOnlyList<TemplateNode> Else) : TemplateNode;

/// <summary><c>{{#each list}}…{{else}}…{{/each}}</c> and <c>{{#with object}}…{{/with}}</c>.</summary>
internal sealed record ContextNode(
    TemplateExpression Subject, bool IsLoop, string? ItemName, string? IndexName, IReadOnlyList<TemplateNode> Body, IReadOnlyList<TemplateNode> Else) : TemplateNode;

/// <summary>What gives a value.</summary>
internal abstract record TemplateExpression;

/// <summary>A text, number, truth value or null.</summary>
internal sealed record LiteralExpression(ExpressionValue Value) : TemplateExpression;

/// <summary><c>(helper argument argument)</c>.</summary>
internal sealed record CallExpression(TemplateHelper Helper, IReadOnlyList<TemplateExpression> Arguments) : TemplateExpression;

/// <summary>Where a path begins.</summary>
internal enum PathRoot
{
    Input,
    Data,
    Node,
    Item,
    Index,
    Run,

    /// <summary>A name inside a block: what the block gives, else a root of that name.</summary>
    Name,

    /// <summary><c>this</c> inside a block.</summary>
    This,

    /// <summary><c>@index</c>, <c>@key</c>, <c>@first</c>, <c>@last</c>.</summary>
    Loop,
}

/// <summary>A path.</summary>
/// <param name="Root">Where it begins.</param>
/// <param name="Name">The node's id, the name inside the block or the loop's variable; else null.</param>
/// <param name="Up">How many blocks outwards: the number of <c>../</c>.</param>
/// <param name="Segments">What follows.</param>
internal sealed record PathExpression(PathRoot Root, string? Name, int Up, IReadOnlyList<PathSegment> Segments) : TemplateExpression;

/// <summary>A member's name, and the number of a list's item where it can be one.</summary>
internal sealed record PathSegment(string Name, byte[] Utf8Name, int? Index)
{
    public static PathSegment Of(string name) => new(
        name,
        System.Text.Encoding.UTF8.GetBytes(name),
        int.TryParse(name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index) ? index : null);
}
