using System.Text.Json;

namespace AgentLab.Core.Workflows.Expressions.Templates;

/// <summary>What a block is about, and the block round it.</summary>
internal sealed class TemplateFrame(TemplateFrame? outer, ContextNode block, ExpressionValue context)
{
    public TemplateFrame? Outer => outer;

    public ExpressionValue Context => context;

    /// <summary>The round, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The member's name when the block goes through an object.</summary>
    public string? Key { get; init; }

    public bool IsLast { get; init; }

    /// <summary>The value that the block itself gives to a name.</summary>
    public bool TryNamed(string name, out ExpressionValue value)
    {
        if (name == block.ItemName)
        {
            value = context;
            return true;
        }

        value = Loop(Key is null ? "index" : "key");
        return name == block.IndexName;
    }

    public ExpressionValue Loop(string variable) => variable switch
    {
        "index" => ExpressionValue.Of(Index),
        "key" => Key is null ? ExpressionValue.Of(Index) : ExpressionValue.Of(Key),
        "first" => ExpressionValue.Of(Index == 0),
        _ => ExpressionValue.Of(IsLast),
    };
}

/// <summary>Follows paths through JSON.</summary>
internal static class PathResolver
{
    public static ExpressionValue Resolve(PathExpression path, ExpressionScope scope, TemplateFrame? frame, WorkBudget? budget)
    {
        for (var up = path.Up; up > 0; up--)
        {
            frame = frame?.Outer;
        }

        return path.Root switch
        {
            PathRoot.Input => Follow(scope.Input, path.Segments, 0, budget),
            PathRoot.Data => Follow(scope.Data, path.Segments, 0, budget),
            PathRoot.Run => Follow(scope.Run, path.Segments, 0, budget),
            PathRoot.Item => scope.Item is { } item ? Follow(item, path.Segments, 0, budget) : default,
            PathRoot.Index => scope.Index is { } index && path.Segments.Count == 0 ? ExpressionValue.Of(index) : default,
            PathRoot.Node => scope.Node(path.Name!) is { } output ? Follow(output, path.Segments, 0, budget) : default,
            PathRoot.This => frame is null ? default : Follow(frame.Context, path.Segments, 0, budget),
            PathRoot.Loop => frame is null ? default : frame.Loop(path.Name!),
            _ => Named(path, scope, frame, budget),
        };
    }

    /// <summary>A name inside a block: what the blocks name from the inside outwards, then a member of what the block is about, then a root.</summary>
    private static ExpressionValue Named(PathExpression path, ExpressionScope scope, TemplateFrame? frame, WorkBudget? budget)
    {
        var name = path.Name!;
        for (var at = frame; at is not null; at = at.Outer)
        {
            if (at.TryNamed(name, out var named))
            {
                return Follow(named, path.Segments, 0, budget);
            }
        }

        if (frame is { Context: { Type: ValueType.Object, Element: var context } } && context.TryGetProperty(name, out var member))
        {
            budget?.Spend(context.GetPropertyCount());
            return Follow(member, path.Segments, 0, budget);
        }

        if (name == "nodes")
        {
            return path.Segments.Count > 0 && scope.Node(path.Segments[0].Name) is { } output ? Follow(output, path.Segments, 1, budget) : default;
        }

        return ExpressionParser.RootOf(name) is { } root ? Resolve(path with { Root = root, Up = 0 }, scope, frame, budget) : default;
    }

    private static ExpressionValue Follow(ExpressionValue start, IReadOnlyList<PathSegment> segments, int from, WorkBudget? budget) =>
        from == segments.Count ? start
        : start.Type is ValueType.Object or ValueType.List ? Follow(start.Element, segments, from, budget)
        : default;

    private static ExpressionValue Follow(JsonElement value, IReadOnlyList<PathSegment> segments, int from, WorkBudget? budget)
    {
        for (var i = from; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (value.ValueKind == JsonValueKind.Object)
            {
                budget?.Spend(value.GetPropertyCount());
                if (!value.TryGetProperty(segment.Utf8Name, out value))
                {
                    return default;
                }
            }
            else if (value.ValueKind == JsonValueKind.Array)
            {
                budget?.Spend(value.GetArrayLength());
                if (segment.Index is not { } index || index >= value.GetArrayLength())
                {
                    return segment.Name == "length" && i == segments.Count - 1 ? ExpressionValue.Of(value.GetArrayLength()) : default;
                }

                value = value[index];
            }
            else
            {
                return default;
            }
        }

        return ExpressionValue.Of(value);
    }
}
